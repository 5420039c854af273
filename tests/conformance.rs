//! The reference, every case a test of its own: what an author of an implementation writes.

use alipay_conformance::harness;
use alipay_conformance::suite::reference::Reference;

fn main() -> std::process::ExitCode {
    harness::main(Reference::default())
}
