use crate::vector::case::{Bilingual, Rule};

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Chinese
    Zh,
}

impl Lang {
    /// The language of a locale such as `zh_CN.UTF-8`: Chinese for those that begin with `zh`, otherwise English.
    ///
    /// ```
    /// use alipay_conformance::report::Lang;
    ///
    /// assert_eq!(Lang::of_locale("zh_CN.UTF-8"), Lang::Zh);
    /// assert_eq!(Lang::of_locale("C"), Lang::En);
    /// ```
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let is_chinese = locale.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        if is_chinese { Self::Zh } else { Self::En }
    }

    /// The language of the environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is not empty.
    #[must_use]
    pub fn of_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(std::env::var_os)
            .find(|locale| !locale.is_empty())
            .map_or(Self::En, |locale| Self::of_locale(&locale.to_string_lossy()))
    }

    /// The text in this language.
    #[must_use]
    pub fn of(self, text: &Bilingual) -> &str {
        match self {
            Self::En => &text.en,
            Self::Zh => &text.zh,
        }
    }

    /// The rule in this language.
    #[must_use]
    pub fn of_rule(self, rule: &Rule) -> &str {
        match self {
            Self::En => &rule.en,
            Self::Zh => &rule.zh,
        }
    }
}
