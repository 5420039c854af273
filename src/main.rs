//! The command `alipay-conformance`; everything is in [`alipay_conformance::cli`].

fn main() -> std::process::ExitCode {
    alipay_conformance::cli::main()
}
