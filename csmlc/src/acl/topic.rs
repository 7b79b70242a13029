//! Topics of an application (`docs/wire.md`), spelt as the runtime spells them.

use csml_rt_core::encode_name as level;

/// The level that matches any name.
pub(super) const ANY: &str = "+";

/// Topics of one application. Arguments are levels.
pub(super) struct Topics {
    app: String,
}

impl Topics {
    pub(super) fn new(app: &str) -> Self {
        Self { app: level(app) }
    }

    /// An event that an instance raises for others.
    pub(super) fn event(&self, source: &str, event: &str) -> String {
        format!("csml/{}/ev/{source}/{event}", self.app)
    }

    /// An event from outside that a process or a device numbers.
    pub(super) fn handed_on(&self, process: &str, event: &str) -> String {
        format!("csml/{}/env/{process}/{event}", self.app)
    }

    /// A plain event from outside.
    pub(super) fn outside(&self, event: &str) -> String {
        format!("csml/{}/in/{event}", self.app)
    }

    /// A peripheral event that leaves the application.
    pub(super) fn leaving(&self, source: &str, event: &str) -> String {
        format!("csml/{}/out/{source}/{event}", self.app)
    }

    /// What a receiver acknowledges.
    pub(super) fn ack(&self, receiver: &str) -> String {
        format!("csml/{}/ack/{receiver}", self.app)
    }

    /// What an instance says as a source.
    pub(super) fn sync(&self, source: &str) -> String {
        format!("csml/{}/syn/ev/{source}", self.app)
    }

    /// What a process or a device says as a source.
    pub(super) fn sync_outside(&self, process: &str) -> String {
        format!("csml/{}/syn/env/{process}", self.app)
    }

    /// Whether a process is there.
    pub(super) fn presence(&self, process: &str) -> String {
        format!("csml/{}/proc/{process}", self.app)
    }
}
