//! The layout of the file, and blocking access to it.
//!
//! Table `csml` contains `format`, `app` and `revision`; table `app/<name>` the values by component path, each
//! with the revision of its last change and as JSON text.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError, TableHandle,
    backends::FileBackend,
};

use super::super::store_trait::{Commit, Revision, Scope, StoreError, Stored, Transaction};
use super::super::transaction_check::{name, named, read_value};
use super::new_file;
use super::redb_errors::{damaged, failed, folder, not_opened, storage};

/// The version of the layout.
const FORMAT: &str = "1";
/// The table about the file itself.
const META: TableDefinition<'static, &str, &str> = TableDefinition::new("csml");
/// Memory for cached pages; persistent data are small.
const CACHE: usize = 16 << 20;

type Values<'a> = TableDefinition<'a, &'static str, (u64, &'static str)>;

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    builder
}

/// An open file.
#[derive(Debug)]
pub(super) struct File {
    database: Database,
    path: Arc<Path>,
    table: String,
    revision: Revision,
}

/// The outcome of a commit.
pub(super) enum CommitOutcome {
    Known(Result<Commit, StoreError>),
    /// The commit after revision `before` may or may not have succeeded; only the file shows which.
    Unknown {
        before: Revision,
        reason: String,
    },
}

impl File {
    /// Opens or creates a file, and checks which application it belongs to.
    pub(super) fn open(path: &Path, scope: &Scope) -> Result<Self, StoreError> {
        let opened = |error| not_opened(path, error);
        match std::fs::metadata(path) {
            // Opening it for writing returns different errors on different systems.
            Ok(found) if found.is_dir() => return Err(folder(path)),
            // redb would treat it as new, so that a truncated file would silently become initial values.
            Ok(found) if found.len() == 0 => {
                return Err(damaged(path, "it is empty"));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let new = new_file::create(path, |file| {
                    let database =
                        FileBackend::new(file).and_then(|file| builder().create_with_backend(file));
                    Self::claimed(database.map_err(opened)?, path, scope)
                })?;
                if let Some(new) = new {
                    return Ok(new);
                }
            }
            _ => {}
        }
        Self::claimed(builder().open(path).map_err(opened)?, path, scope)
    }

    /// The database as the file of an application.
    fn claimed(database: Database, path: &Path, scope: &Scope) -> Result<Self, StoreError> {
        let table = format!("app/{}", scope.app);
        let mut file = Self { database, path: path.into(), table, revision: Revision::default() };
        file.claim(scope)?;
        Ok(file)
    }

    /// Reads which application the file belongs to, or writes that into a new one.
    fn claim(&mut self, scope: &Scope) -> Result<(), StoreError> {
        let path = Arc::clone(&self.path);
        let read = self.database.begin_read().map_err(|error| failed(&path, error.into()))?;
        match read.open_table(META) {
            Ok(about) => self.identify(&about, scope),
            Err(TableError::TableDoesNotExist(_)) => {
                let mut tables = read.list_tables().map_err(|error| storage(&path, error))?;
                if let Some(table) = tables.next() {
                    return Err(StoreError::Unusable(format!(
                        "`{}` belongs to another program (it has a table `{}`): name another file",
                        path.display(),
                        table.name()
                    )));
                }
                self.change(|about, _| {
                    about.insert("format", FORMAT)?;
                    about.insert("app", scope.app.as_str())?;
                    about.insert("revision", "0")?;
                    Ok(())
                })
                .map_err(|error| failed(&path, error))
            }
            Err(TableError::Storage(error)) => Err(storage(&path, error)),
            Err(_) => Err(StoreError::Unusable(format!(
                "`{}` belongs to another program (it has a table `csml` of another kind): name another file",
                path.display()
            ))),
        }
    }

    fn identify(
        &mut self,
        about: &impl ReadableTable<&'static str, &'static str>,
        scope: &Scope,
    ) -> Result<(), StoreError> {
        let path = &self.path;
        let entry = |key: &str| match about.get(key) {
            Ok(Some(text)) => Ok(text.value().to_owned()),
            Ok(None) => Err(damaged(path, &format!("it has no entry `{key}`"))),
            Err(error) => Err(storage(path, error)),
        };
        let (format, app) = (entry("format")?, entry("app")?);
        if format != FORMAT {
            return Err(StoreError::Unusable(format!(
                "the store `{}` has format {format}, but this program supports format {FORMAT}: run the version of \
                 the program that wrote it",
                path.display()
            )));
        }
        if app != scope.app {
            return Err(StoreError::Unusable(format!(
                "the store `{}` belongs to the application `{app}`, not to `{}`: name another file",
                path.display(),
                scope.app
            )));
        }
        let revision = entry("revision")?;
        self.revision = revision
            .parse()
            .map(Revision)
            .map_err(|_| damaged(path, &format!("its revision is `{revision}`")))?;
        Ok(())
    }

    /// The revision of the last commit.
    pub(super) const fn revision(&self) -> Revision {
        self.revision
    }

    /// Every variable that exists.
    pub(super) fn read(&self, scope: &Scope) -> Result<(Revision, Vec<Stored>), StoreError> {
        let mut found = self.look_up(scope, named(scope).map(|(variable, _)| variable))?;
        found.retain(|stored| stored.value.is_some());
        Ok((self.revision, found))
    }

    /// The variables that have changed since a transaction read them.
    pub(super) fn conflict(
        &self,
        scope: &Scope,
        transaction: &Transaction,
    ) -> Result<Vec<Stored>, StoreError> {
        let read = &transaction.reads;
        let found = self.look_up(scope, read.iter().map(|(variable, _)| *variable))?;
        let changed =
            found.into_iter().zip(read).filter(|(stored, (_, revision))| stored.changed != *revision);
        Ok(changed.map(|(stored, _)| stored).collect())
    }

    fn look_up(
        &self,
        scope: &Scope,
        variables: impl Iterator<Item = u16>,
    ) -> Result<Vec<Stored>, StoreError> {
        let path = &self.path;
        let read = self.database.begin_read().map_err(|error| failed(path, error.into()))?;
        let table = match read.open_table(Values::new(&self.table)) {
            Ok(table) => Some(table),
            Err(TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(failed(path, error.into())),
        };
        let stored = |variable: u16| {
            let absent = Stored { variable, value: None, changed: Revision::default() };
            let name = name(scope, variable);
            let Some(table) = &table else { return Ok(absent) };
            let Some(entry) = table.get(name).map_err(|error| storage(path, error))? else {
                return Ok(absent);
            };
            let (changed, text) = entry.value();
            let value = read_value(text, || format!("`{name}` in the store `{}`", path.display()))?;
            Ok(Stored { variable, value: Some(value), changed: Revision(changed) })
        };
        variables.map(stored).collect()
    }

    /// Writes a transaction and waits for the disk.
    ///
    /// # Errors
    /// The reason; the outcome is unknown.
    pub(super) fn write(&mut self, scope: &Scope, transaction: &Transaction) -> Result<Revision, String> {
        let revision = Revision(self.revision.0 + 1);
        let shown = revision.0.to_string();
        self.change(|about, values| {
            about.insert("revision", shown.as_str())?;
            for (variable, value) in &transaction.writes {
                let name = name(scope, *variable);
                match value {
                    Some(value) => values.insert(name, (revision.0, value.to_json().as_str()))?,
                    None => values.remove(name)?,
                };
            }
            Ok(())
        })
        .map_err(|error| failed(&self.path, error).to_string())?;
        self.revision = revision;
        Ok(revision)
    }

    fn change(
        &self,
        work: impl FnOnce(&mut MetaTable<'_>, &mut ValueTable<'_>) -> Result<(), redb::StorageError>,
    ) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut about = transaction.open_table(META)?;
            let mut values = transaction.open_table(Values::new(&self.table))?;
            work(&mut about, &mut values)?;
        }
        Ok(transaction.commit()?)
    }
}

type MetaTable<'a> = Table<'a, &'static str, &'static str>;
type ValueTable<'a> = Table<'a, &'static str, (u64, &'static str)>;
