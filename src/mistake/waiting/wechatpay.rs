//! Mistakes on WeChat Pay alone.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[];
