//! The open platform, second version of its interface.
//!
//! | to | use |
//! |---|---|
//! | verify the JSON of a synchronous reply | [`response`] |

pub mod response;
