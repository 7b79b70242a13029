//! What the call of a front end says besides the description: type annotations written in Rust code, and limits.

use std::path::{Path, PathBuf};

use crate::{
    annotations::{AnnotationText, Annotations, FunctionAnnotation, SchemaAnnotation, TypeAnnotation},
    diagnostics::Diagnostics,
    files::FileReader,
    project::add_schema,
    source::{MacroToken, Sources, Span},
    vocabulary::ChoicePolicy,
};

/// What the call of a front end says besides the description. It wins over the project file.
#[derive(Debug, Clone, Default)]
pub struct CallSettings {
    entries: Vec<CallAnnotation>,
    /// How many rounds of loops and calls of functions one evaluation of an expression may take.
    pub loop_limit: Option<u64>,
    /// What happens where several transitions are enabled at once.
    pub choice: Option<ChoicePolicy>,
}

/// What an annotation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnotationKind {
    /// The Rust type of something.
    Type,
    /// The JSON Schema of an event or service.
    Schema,
    /// The Rust function that a name of expressions means.
    Function,
}

/// A text with what there is of it in the caller's code.
#[derive(Debug, Clone)]
pub struct CallText {
    /// The text.
    pub text: String,
    /// How it is written, for messages.
    pub written: String,
    /// Its tokens, if it is from a macro call.
    pub tokens: Vec<MacroToken>,
    /// What messages call the place, such as `Builder::type_of`.
    pub place: &'static str,
}

impl CallText {
    /// A text from a call, written as a string.
    #[must_use]
    pub fn new(text: impl Into<String>, place: &'static str) -> Self {
        let text = text.into();
        Self { written: format!("{text:?}"), text, tokens: Vec::new(), place }
    }

    fn given(&self, sources: &mut Sources) -> AnnotationText {
        let source = sources.add_tokens(self.place, self.written.clone(), self.tokens.clone());
        let span = Span::new(source, 0, self.written.len() as u32);
        AnnotationText::new(self.text.clone(), span, sources)
    }
}

#[derive(Debug, Clone)]
struct CallAnnotation {
    kind: AnnotationKind,
    of: CallText,
    said: CallText,
}

impl CallSettings {
    /// Adds an annotation: what it is for, and what it says.
    pub fn add(&mut self, kind: AnnotationKind, of: CallText, said: CallText) {
        self.entries.push(CallAnnotation { kind, of, said });
    }

    /// The annotations, their texts added to the sources, and the files they name. Paths of schemas are as `reader` takes
    /// them.
    pub(crate) fn annotations(
        &self,
        sources: &mut Sources,
        reader: &dyn FileReader,
        diagnostics: &mut Diagnostics,
    ) -> (Annotations, Vec<PathBuf>) {
        let mut annotations = Annotations::default();
        let mut files = Vec::new();
        for CallAnnotation { kind, of, said } in &self.entries {
            let (of, said) = (of.given(sources), said.given(sources));
            match kind {
                AnnotationKind::Type => annotations.types.push(TypeAnnotation { of, rust: said }),
                AnnotationKind::Function => {
                    annotations.functions.push(FunctionAnnotation { signature: of, rust: said })
                }
                AnnotationKind::Schema => {
                    let path = Path::new(&said.text).to_owned();
                    if let Some(source) = add_schema(sources, &path, &said, reader, diagnostics) {
                        annotations.schemas.push(SchemaAnnotation { of, file: said, source });
                    }
                    files.push(path);
                }
            }
        }
        (annotations, files)
    }
}
