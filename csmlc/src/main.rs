//! The command `csmlc`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
