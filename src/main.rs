fn main() -> std::process::ExitCode {
    hivectl::cli::run(std::env::args_os())
}
