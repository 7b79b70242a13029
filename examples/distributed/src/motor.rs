//! The simulated motor of the gate. Only the process of the gate calls it.

use std::time::Duration;

use csml_rt::ServiceError;

use crate::railway::{Services, service};

/// The duration of a movement.
const DRIVE: Duration = Duration::from_millis(300);

/// A motor that always works.
#[derive(Debug, Default)]
pub struct Motor;

impl Services for Motor {
    async fn drive(&self, _: service::DriveInput) -> Result<(), ServiceError> {
        tokio::time::sleep(DRIVE).await;
        Ok(())
    }
}
