//! The services that the description invokes: a simulated lens, detector and siren.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use csml_rt::ServiceError;

use crate::surveillance_camera::{Services, service};

/// A house with a fixed sequence of visitors.
#[derive(Debug, Default)]
pub struct House {
    asked: AtomicU32,
    searched: AtomicU32,
}

impl Services for House {
    /// Every third attempt of the lens fails; `retries` in the description covers that.
    async fn take_picture(
        &self,
        input: service::TakePictureInput,
    ) -> Result<service::TakePictureOutput, ServiceError> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if asked.is_multiple_of(3) {
            return Err(ServiceError::new("the lens is stuck"));
        }
        Ok(service::TakePictureOutput { picture: format!("picture {asked}, {} pixels wide", input.width) })
    }

    /// No person, two persons, a failure, and no person from then on.
    async fn count_persons(
        &self,
        input: service::CountPersonsInput,
    ) -> Result<service::CountPersonsOutput, ServiceError> {
        let persons = match self.searched.fetch_add(1, Ordering::Relaxed) {
            1 => 2,
            2 => return Err(ServiceError::new("the detector is busy").with_status(503)),
            _ => 0,
        };
        println!("           {persons} persons on {}", input.picture);
        Ok(service::CountPersonsOutput { persons })
    }

    /// Sounds for an hour, unless it is cancelled: the description invokes it in a `while`.
    async fn sound(&self, input: service::SoundInput) -> Result<(), ServiceError> {
        println!("           siren at level {}", input.level);
        let _silence = Silence;
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Ok(())
    }
}

/// Dropped together with the future of the `while` invocation when the machine leaves the state.
struct Silence;

impl Drop for Silence {
    fn drop(&mut self) {
        println!("           siren is silent");
    }
}
