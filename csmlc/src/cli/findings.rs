//! What `check` has found, in the form asked for.

use std::collections::BTreeSet;

use csml_compiler::{
    diagnostics::{Diagnostic, Rule, Severity},
    request::Compiled,
};
use csmlc::formats::{self, Sarif, Tally};

use super::{args::Format, failure::Failure, report};

/// What was found so far.
pub(super) struct Findings {
    format: Format,
    quiet: bool,
    tally: Tally,
    /// The file, if it is the only one so far.
    only: String,
    sarif: Sarif,
    /// What was said about files that several descriptions share, such as the project file.
    shared: BTreeSet<String>,
    /// A rule to name where more is to be learned.
    rule: Option<&'static Rule>,
    /// A rule that can be left out.
    warning: Option<&'static Rule>,
}

impl Findings {
    /// None.
    pub(super) fn new(format: Format, quiet: bool) -> Self {
        Self {
            format,
            quiet,
            tally: Tally::default(),
            only: String::new(),
            sarif: Sarif::new(),
            shared: BTreeSet::new(),
            rule: None,
            warning: None,
        }
    }

    /// A file that is checked now.
    pub(super) fn file(&mut self, name: &str) {
        self.tally.files += 1;
        name.clone_into(&mut self.only);
        self.sarif.file(name);
    }

    /// A file or folder that cannot be read.
    pub(super) fn unreadable(&mut self, name: &str, message: &str) -> Result<(), Failure> {
        self.tally.failures += 1;
        // The exit code alone would not say what is missing.
        report::error(message);
        match self.format {
            Format::Human => Ok(()),
            Format::Json => report::line(&formats::failure_to_json_line(name, message)),
            Format::Sarif => {
                self.sarif.failure(name, message);
                Ok(())
            }
        }
    }

    /// A file that has been checked.
    pub(super) fn checked(&mut self, compiled: &Compiled) -> Result<(), Failure> {
        let new: Vec<&Diagnostic> =
            compiled.diagnostics.iter().filter(|diagnostic| self.is_new(compiled, diagnostic)).collect();
        for diagnostic in &new {
            self.tally.count(diagnostic.severity);
            self.rule = self.rule.or(Some(diagnostic.rule));
            if diagnostic.rule.severity == Severity::Warning {
                self.warning = self.warning.or(Some(diagnostic.rule));
            }
        }
        match self.format {
            Format::Human => report::diagnostics(&compiled.sources, new),
            Format::Json => report::json(&compiled.sources, &new)?,
            Format::Sarif => {
                new.iter().for_each(|diagnostic| self.sarif.diagnostic(&compiled.sources, diagnostic));
            }
        }
        Ok(())
    }

    /// Whether nothing like it has been said about a file that another description shares.
    fn is_new(&mut self, compiled: &Compiled, diagnostic: &Diagnostic) -> bool {
        diagnostic.primary.span.source == compiled.source
            || self.shared.insert(formats::to_json_line(&compiled.sources, diagnostic))
    }

    /// Says what there is left to say; a failure if not all is well.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.format {
            Format::Human if self.quiet => {}
            Format::Human => {
                if let Some(advice) = self.advice() {
                    report::note(&advice);
                }
                if let Some(summary) = self.summary() {
                    report::last(&summary);
                }
            }
            Format::Json => report::line(&formats::tally_to_json_line(&self.tally))?,
            Format::Sarif => report::result(self.sarif.finish().as_bytes())?,
        }
        if self.tally.failures > 0 {
            Err(Failure::Shown)
        } else if self.tally.errors > 0 {
            Err(Failure::Diagnostics)
        } else {
            Ok(())
        }
    }

    /// How to learn more, and how to hear less; once for all diagnostics.
    fn advice(&self) -> Option<String> {
        let shown = self.warning.or(self.rule)?;
        let mut advice = format!("run `csmlc explain {}` for details", shown.code);
        if let Some(warning) = self.warning {
            advice.push_str(&format!("; `--allow {}` turns the warning off", warning.name));
        }
        Some(advice)
    }

    fn summary(&self) -> Option<String> {
        match self.tally.files {
            0 => None,
            // That it could not be read is all there is to say.
            1 if self.tally.failures > 0 => None,
            1 => Some(format!("{}: {}", self.only, self.tally.words())),
            files => Some(format!("{files} files: {}", self.tally.words())),
        }
    }
}
