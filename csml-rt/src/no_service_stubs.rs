//! Without the feature `json` there are no service stubs: nothing of this exists at run time.

use csml_rt_core::{Machines, Value};

use crate::service::ServiceError;

#[derive(Debug, Default)]
pub(crate) struct ServiceStubs;

/// What a stub answers, and after how many milliseconds.
pub(crate) struct Answered<R> {
    pub(crate) delay_ms: u64,
    pub(crate) result: Result<R, ServiceError>,
}

impl ServiceStubs {
    pub(crate) fn has(&self, _: &str) -> bool {
        false
    }

    pub(crate) fn unknown<A: Machines>(&self) -> Option<String> {
        None
    }

    pub(crate) fn seed(&mut self, _: u64) {}

    pub(crate) fn answer<A: Machines>(&mut self, _: u16, _: &str, _: &Value) -> Option<Answered<A::Reply>> {
        None
    }
}
