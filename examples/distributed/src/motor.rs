//! The motor of the gate, pretended. Only the process of the gate ever calls it.

use std::time::Duration;

use csml_rt::ServiceError;

use crate::railway::{Services, service};

/// How long the gate takes.
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
