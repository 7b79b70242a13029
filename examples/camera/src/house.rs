//! The services that the description invokes: a lens, a detector and a siren, all of them pretended.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use csml_rt::ServiceError;

use crate::surveillance_camera::{Services, service};

/// A house whose visitors are known beforehand.
#[derive(Debug, Default)]
pub struct House {
    asked: AtomicU32,
    searched: AtomicU32,
}

impl Services for House {
    /// Every third time the lens does not answer; `retries` in the description makes up for it.
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

    /// Nobody, two persons, a failure, and from then on nobody.
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

/// Leaving the state drops the future of its `while` invocation, and this with it.
struct Silence;

impl Drop for Silence {
    fn drop(&mut self) {
        println!("           siren is silent");
    }
}
