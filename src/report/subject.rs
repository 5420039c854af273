//! Who was under test.

use crate::report::Lang;
use crate::report::case::push;
use crate::report::paint::{Colour, paint};
use crate::report::show::safe;
use crate::report::words::fill;
use crate::suite::implementation::Subject;

/// The first line of a report, and an empty one.
pub(crate) fn write(out: &mut String, subject: &Subject, lang: Lang, colour: bool) {
    let Subject { version, language, source, adapter, .. } = subject;
    push(out, format_args!("{}", paint(&name(subject, lang), Colour::Bold, colour)));
    let about: Vec<String> =
        [language, source].into_iter().filter(|text| !text.is_empty()).map(|t| safe(t)).collect();
    if !version.is_empty() {
        push(out, format_args!(" {}", safe(version)));
    }
    if !about.is_empty() {
        push(out, format_args!(" ({})", about.join(", ")));
    }
    if !adapter.is_empty() {
        out.push_str(&fill(lang.words().adapter, &[&safe(adapter)]));
    }
    out.push_str("\n\n");
}

/// The name, or words for there being none.
pub(crate) fn name(subject: &Subject, lang: Lang) -> String {
    match subject.name.as_str() {
        "" => lang.words().nameless.to_owned(),
        name => safe(name),
    }
}
