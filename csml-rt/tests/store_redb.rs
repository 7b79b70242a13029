//! Persistent data in a file.
#![cfg(feature = "store-redb")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod store_contract;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use csml_rt::Value;
use csml_rt::machine::Rng;
use csml_rt::store::{Commit, RedbStore, Scope, StoreError};
use store_contract::{Client, VARIABLES, alone, scope};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap()
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("csml-redb-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn error(path: &Path, scope: Scope) -> StoreError {
    match runtime().block_on(Client::open(RedbStore::at(path), scope)) {
        Ok(_) => panic!("it can be opened"),
        Err(error) => {
            assert!(error.to_string().contains(&path.display().to_string()), "names no file: {error}");
            error
        }
    }
}

#[test]
fn contract() {
    let folder = Folder::new();
    let path = folder.file("data");
    runtime().block_on(alone(RedbStore::at(&path), |before| {
        drop(before);
        RedbStore::at(&path)
    }));
}

#[test]
fn a_second_owner_is_told() {
    let folder = Folder::new();
    let path = folder.file("data");
    let runtime = runtime();
    let mut owner = runtime.block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
    // In this process.
    let told = error(&path, scope("q"));
    assert!(matches!(told, StoreError::Unusable(_)));
    assert!(told.to_string().contains("one owner") && told.to_string().contains("etcd"), "{told}");
    // In another: this program again.
    let mut other = child("holds_a_file", &path);
    let said: Vec<_> = BufReader::new(other.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
    other.wait().unwrap();
    let told = said.iter().find(|line| line.starts_with("store: ")).unwrap();
    assert!(told.contains("one owner"), "{told}");
    // The owner works on.
    runtime.block_on(owner.write(vec![(0, Some(Value::Int(1)))]));
}

/// This test program in another process, as one test that needs the environment.
fn child(test: &str, path: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env("CSML_TEST_STORE", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// No test of its own: increments until it is killed, in a process of its own.
#[test]
fn holds_a_file() {
    let Some(path) = std::env::var_os("CSML_TEST_STORE") else { return };
    runtime().block_on(async {
        let mut client = match Client::open(RedbStore::at(path), scope("p")).await {
            Ok(client) => client,
            Err(error) => return println!("\nstore: {error}"),
        };
        for number in 0.. {
            // Two variables that are always equal.
            let writes = vec![(0, Some(Value::Int(number))), (1, Some(Value::Int(number)))];
            client.write(writes).await;
            println!("\nstore: {number}");
            std::io::stdout().flush().unwrap();
        }
    });
}

#[test]
fn what_was_done_stands_after_a_kill() {
    for kill_after in [1, 7, 40] {
        let folder = Folder::new();
        let path = folder.file("data");
        let mut other = child("holds_a_file", &path);
        let said = BufReader::new(other.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut numbers = said.filter_map(|line| line.strip_prefix("store: ")?.parse::<i64>().ok());
        let mut last = numbers.by_ref().take(kill_after).last().unwrap();
        other.kill().unwrap();
        other.wait().unwrap();
        last = numbers.last().unwrap_or(last);
        let client = runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
        let Some(Value::Int(found)) = client.value(0) else { panic!("no value") };
        assert_eq!(client.value(1), Some(Value::Int(found)));
        assert!(found == last || found == last + 1, "{found} after {last}");
    }
}

#[test]
fn places_that_cannot_be() {
    let folder = Folder::new();
    let text = |error: StoreError| match error {
        StoreError::Unusable(text) => text,
        other => panic!("{other:?}"),
    };
    let missing = text(error(&folder.file("no/such/folder/data"), scope("p")));
    assert!(missing.contains("folder") && missing.contains("does not exist"), "{missing}");
    assert!(text(error(&folder.0, scope("p"))).contains("is a folder"));

    let path = folder.file("data");
    drop(runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap());
    let mut other = scope("p");
    other.app = "another".into();
    let wrong = text(error(&path, other));
    assert!(wrong.contains("`test app`") && wrong.contains("`another`"), "{wrong}");
}

#[test]
fn files_of_others() {
    let folder = Folder::new();
    for (name, content) in
        [("text", b"no database\n".repeat(1000)), ("short", b"redb".to_vec()), ("empty", vec![])]
    {
        let path = folder.file(name);
        std::fs::write(&path, &content).unwrap();
        let told = error(&path, scope("p"));
        assert!(matches!(told, StoreError::Corrupt(_)), "{told:?}");
        assert_eq!(std::fs::read(&path).unwrap(), content, "it was changed");
    }
    let table = |name: &'static str, path: &Path| {
        let database = redb::Database::create(path).unwrap();
        let write = database.begin_write().unwrap();
        write.open_table(redb::TableDefinition::<u64, u64>::new(name)).unwrap().insert(1, 1).unwrap();
        write.commit().unwrap();
    };
    for name in ["csml", "theirs"] {
        let path = folder.file(name);
        table(name, &path);
        let told = error(&path, scope("p"));
        assert!(told.to_string().contains("another program"), "{told}");
    }
    // A format of the future, and a value that is no JSON.
    let path = folder.file("data");
    drop(runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap());
    let set = |key: &str, value: &str| {
        let database = redb::Database::create(&path).unwrap();
        let write = database.begin_write().unwrap();
        {
            let mut about = write.open_table(redb::TableDefinition::<&str, &str>::new("csml")).unwrap();
            about.insert(key, value).unwrap();
            let name = redb::TableDefinition::<&str, (u64, &str)>::new("app/test app");
            write.open_table(name).unwrap().insert("x", (1, "{oops")).unwrap();
        }
        write.commit().unwrap();
    };
    set("format", "2");
    assert!(error(&path, scope("p")).to_string().contains("format 2"));
    set("format", "1");
    let told = error(&path, scope("p"));
    assert!(matches!(told, StoreError::Corrupt(_)) && told.to_string().contains("`x`"), "{told}");
    set("revision", "many");
    assert!(error(&path, scope("p")).to_string().contains("revision is `many`"));
}

/// A file with values that a test knows.
fn known(path: &Path) {
    runtime().block_on(async {
        let mut client = Client::open(RedbStore::at(path), scope("p")).await.unwrap();
        for round in 0..30 {
            let value = |at: usize| Value::from(format!("{round} {}", "x".repeat(at * 700)));
            let writes = (0..VARIABLES.len()).map(|at| (at as u16, Some(value(at)))).collect();
            client.write(writes).await;
        }
    });
}

/// Opens a damaged copy: an error, or a state that was once committed whole. True if it was an error.
fn rejected_or_right(path: &Path, seed: u64) -> bool {
    runtime().block_on(async {
        let mut client = match Client::open(RedbStore::at(path), scope("p")).await {
            Ok(client) => client,
            Err(_) => return true,
        };
        let round = |variable: u16| match client.value(variable) {
            Some(Value::Text(text)) => text.split(' ').next().unwrap().to_owned(),
            other => panic!("seed {seed}: {other:?}"),
        };
        let rounds: Vec<_> = (0..VARIABLES.len() as u16).map(round).collect();
        assert!(rounds.iter().all(|round| *round == rounds[0]), "seed {seed}: {rounds:?}");
        // A panic of the file's library would end the test here or be an error.
        let _ = client.try_write(vec![(0, Some(Value::from("0 after")))]).await;
        false
    })
}

#[test]
fn damage_is_an_error_or_does_no_harm() {
    let folder = Folder::new();
    let path = folder.file("data");
    known(&path);
    let sound = std::fs::read(&path).unwrap();
    let damaged = folder.file("damaged");
    let mut rejected = 0;
    let count = std::env::var("CSML_DAMAGES").map_or(200, |count| count.parse().unwrap());
    for seed in 0..count {
        let mut rng = Rng::new(seed);
        let mut bytes = sound.clone();
        // Half of the time where there is something: at the front, where the header is.
        let length = bytes.len() as u64;
        let reach = if rng.below(2) == 0 { 4096.min(length) } else { length };
        match rng.below(3) {
            0 => bytes.truncate(rng.below(length) as usize),
            1 => {
                for _ in 0..=rng.below(8) {
                    bytes[rng.below(reach) as usize] ^= 1 << rng.below(8);
                }
            }
            _ => {
                let from = rng.below(reach) as usize;
                let to = (from + 1 + rng.below(5000) as usize).min(bytes.len());
                bytes[from..to].fill(if rng.below(2) == 0 { 0 } else { 0xFF });
            }
        }
        std::fs::write(&damaged, bytes).unwrap();
        rejected += u64::from(rejected_or_right(&damaged, seed));
    }
    println!("{rejected} of {count} damaged files rejected");
    assert!(rejected > count / 10 && rejected < count);
}

/// A small file system of its own, if this user may mount one.
struct Disk(Folder);

impl Disk {
    fn new(size: &str) -> Option<Self> {
        let folder = Folder::new();
        let mount = ["-t", "tmpfs", "-o", size, "tmpfs"];
        let done = Command::new("mount").args(mount).arg(&folder.0).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0.0).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0.0).status();
    }
}

#[test]
fn a_full_disk_takes_nothing_and_recovers() {
    let Some(disk) = Disk::new("size=6m") else { return eprintln!("no right to mount: not tested") };
    let (path, filler) = (disk.0.file("data"), disk.0.file("filler"));
    runtime().block_on(async {
        let mut client = Client::open(RedbStore::at(&path), scope("p")).await.unwrap();
        let before = client.write(vec![(0, Some(Value::Int(1))), (1, Some(Value::Int(1)))]).await;
        // Nothing is left for others.
        let mut file = std::fs::File::create(&filler).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let large = Value::from("x".repeat(3 << 20));
        let writes = vec![(0, Some(Value::Int(2))), (1, Some(large))];
        let told = client.try_write(writes.clone()).await.unwrap_err();
        assert!(matches!(&told, StoreError::Unavailable(text) if text.contains("full")), "{told:?}");
        // Room again: the same transaction goes through.
        std::fs::remove_file(&filler).unwrap();
        drop(file);
        let Commit::Done(after) = client.try_write(writes).await.unwrap() else { panic!("conflict") };
        assert_eq!(after.0, before.0 + 1);
    });
    let client = runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
    assert_eq!(client.value(0), Some(Value::Int(2)));
}

#[test]
fn a_disk_that_is_read_only() {
    let Some(disk) = Disk::new("size=6m") else { return eprintln!("no right to mount: not tested") };
    let path = disk.0.file("data");
    drop(runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap());
    disk.read_only();
    let told = error(&path, scope("p"));
    assert!(matches!(&told, StoreError::Unusable(text) if text.contains("read-only")), "{told:?}");
}

/// The names in a folder.
fn names(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(&folder.0).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let path = folder.file("data");
    // What is left behind by a process that was killed at its first start may be for everyone.
    std::fs::write(folder.file("data.new"), "half a file").unwrap();
    runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(&folder), ["data"]);
}

#[cfg(unix)]
#[test]
fn a_first_start_without_room_leaves_nothing_behind() {
    let folder = Folder::new();
    let path = folder.file("data");
    // No file of this process may grow beyond 4 KiB (8 blocks of 512 bytes): the same error path as a full disk.
    let program = std::env::current_exe().unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" holds_a_file --exact --nocapture"])
        .arg(program)
        .env("CSML_TEST_STORE", &path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("store: ") && said.contains("is full"), "{said}");
    assert_eq!(names(&folder), [""; 0]);
    // Now there is room.
    let mut client = runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
    runtime().block_on(client.write(vec![(0, Some(Value::Int(1)))]));
    assert_eq!(names(&folder), ["data"]);
}

#[test]
fn what_is_left_of_a_first_start_does_no_harm() {
    // Nothing, noise, and all but the end of a file that was being created.
    let folder = Folder::new();
    let whole = folder.file("whole");
    runtime().block_on(Client::open(RedbStore::at(&whole), scope("p"))).unwrap();
    let whole = std::fs::read(&whole).unwrap();
    for left in [&[][..], b"noise", &whole[..whole.len() / 2], &whole] {
        let folder = Folder::new();
        let path = folder.file("data");
        std::fs::write(folder.file("data.new"), left).unwrap();
        let client = runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
        assert_eq!(client.value(0), None);
        assert_eq!(names(&folder), ["data"]);
    }
}

#[test]
fn what_is_in_the_way_of_a_new_file_is_named() {
    let folder = Folder::new();
    let (path, beside) = (folder.file("data"), folder.file("data.new"));
    let unusable = |part: &str| {
        let error = error(&path, scope("p"));
        assert!(matches!(error, StoreError::Unusable(_)) && error.to_string().contains(part), "{error}");
    };
    std::fs::create_dir(&beside).unwrap();
    unusable("data.new` is there, which is not a file");
    std::fs::remove_dir(&beside).unwrap();
    #[cfg(unix)]
    {
        let precious = folder.file("precious");
        std::fs::write(&precious, "data of another program").unwrap();
        std::os::unix::fs::symlink(&precious, &beside).unwrap();
        unusable("data.new` is there, which is not a file");
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "data of another program");
        std::fs::remove_file(&beside).unwrap();
    }
    let creating = std::fs::File::create(&beside).unwrap();
    creating.lock().unwrap();
    unusable("another process is creating");
    drop(creating);
    runtime().block_on(Client::open(RedbStore::at(&path), scope("p"))).unwrap();
    assert!(error(&folder.file("data").join("data"), scope("p")).to_string().contains("does not exist"));
}
