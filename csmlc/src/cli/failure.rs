//! How a command ends badly.

use std::process::ExitCode;

use super::report;

/// Why a command did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The description has errors, which have been shown.
    Diagnostics,
    /// Files are not formatted, which has been said.
    Unformatted,
    /// Usage or I/O.
    Message(String),
    /// Several files had problems, which have been shown; the worst was usage or I/O.
    Shown,
    /// The reader of the output has closed it.
    ClosedOutput,
    /// The program that was run ended like this; on Unix it takes this one's place.
    #[cfg(not(unix))]
    Program(u8),
}

impl Failure {
    /// A failure of usage or I/O.
    pub(super) fn message(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// Says what there is left to say.
    pub(super) fn finish(self) -> ExitCode {
        match self {
            Self::Diagnostics | Self::Unformatted => ExitCode::from(1),
            Self::Message(message) => {
                report::error(&message);
                ExitCode::from(2)
            }
            Self::Shown => ExitCode::from(2),
            Self::ClosedOutput => ExitCode::SUCCESS,
            #[cfg(not(unix))]
            Self::Program(code) => ExitCode::from(code),
        }
    }
}
