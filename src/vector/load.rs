//! [`VectorSet`]: a set of cases with their definitions, embedded or read from files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, io};

use serde_json::Value;

use crate::vector::case::{Bilingual, Case, Key, Rule};
use crate::vector::embedded;
use crate::vector::file::{CaseFields, FORMAT, File, Version};

/// The largest file that is read.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Cases, and what they refer to.
#[derive(Clone, Debug, Default)]
pub struct VectorSet {
    cases: Vec<Case>,
    by_id: BTreeMap<String, usize>,
    documents: Vec<Value>,
    rules: BTreeMap<String, Rule>,
    flags: BTreeMap<String, Bilingual>,
    keys: BTreeMap<String, Key>,
}

/// A set that cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The folder has no vector file.
    #[error("{}: no .json file in this folder", path.display())]
    NoFile {
        /// Which folder.
        path: PathBuf,
    },
    /// The file is larger than [`LARGEST_FILE`].
    #[error("{file}: {bytes} bytes: expected at most {LARGEST_FILE}")]
    TooLarge {
        /// Which file.
        file: String,
        /// Its size.
        bytes: u64,
    },
    /// The file is not JSON, or has not the fields of a vector file.
    #[error("{file}: {source}")]
    Json {
        /// Which file.
        file: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// The file is of another version of the format.
    #[error("{file}: format {found}: this program reads format {FORMAT}")]
    Format {
        /// Which file.
        file: String,
        /// What stands there.
        found: String,
    },
    /// A case has not the form of its operation and result.
    #[error("{file}: case {case}: {problem}")]
    Case {
        /// Which file.
        file: String,
        /// The case's id, or its position where it has none.
        case: String,
        /// What is wrong.
        problem: String,
    },
    /// Two cases have one id.
    #[error("{file}: case {id}: the id is already that of a case in {first}")]
    DuplicateId {
        /// The file of the second.
        file: String,
        /// The id.
        id: String,
        /// The theme of the first.
        first: String,
    },
    /// A case refers to something that no file of the set defines.
    #[error("{file}: case {case}: {kind} {name:?} is not defined")]
    Undefined {
        /// Which file.
        file: String,
        /// The case's id.
        case: String,
        /// `rule`, `flag`, `key` or `twin`.
        kind: &'static str,
        /// What is missing.
        name: String,
    },
}

impl VectorSet {
    /// The set that the crate carries.
    ///
    /// # Errors
    /// None in a released crate: a test loads the set.
    ///
    /// ```
    /// use alipay_conformance::vector::load::VectorSet;
    ///
    /// let set = VectorSet::embedded()?;
    /// assert!(set.cases().len() > 300);
    /// # Ok::<(), alipay_conformance::vector::load::LoadError>(())
    /// ```
    pub fn embedded() -> Result<Self, LoadError> {
        Self::from_texts(embedded::FILES.iter().map(|(name, text)| (*name, *text)), None)
    }

    /// The set of a file, or of all `.json` files below a folder (`schema.json` left out). Rules, flags and keys
    /// of the embedded set are defined for it too.
    ///
    /// # Errors
    /// Anything unreadable or not of the format; nothing is left out silently.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        static EMBEDDED: OnceLock<Option<VectorSet>> = OnceLock::new();
        let texts = read(path)?;
        let texts = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        Self::from_texts(texts, EMBEDDED.get_or_init(|| Self::embedded().ok()).as_ref())
    }

    /// The set of some texts, each with the name of its file.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_texts<'a>(
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
        definitions: Option<&VectorSet>,
    ) -> Result<Self, LoadError> {
        let mut set = Self::default();
        let mut waiting = Vec::new();
        for (name, text) in texts {
            let file = parse(name, text)?;
            set.rules.extend(file.rules);
            set.flags.extend(file.flags);
            set.keys.extend(file.keys);
            waiting.push((name, file.cases));
        }
        for (name, cases) in waiting {
            for (position, document) in cases.into_iter().enumerate() {
                set.add(name, position, document, definitions)?;
            }
        }
        set.check_twins()?;
        Ok(set)
    }

    /// The set of some cases that stand in no file yet.
    #[cfg(feature = "proptest")]
    pub(crate) fn from_documents(
        name: &str,
        documents: Vec<Value>,
        definitions: &VectorSet,
    ) -> Result<Self, LoadError> {
        let mut set = Self::default();
        for (position, document) in documents.into_iter().enumerate() {
            set.add(name, position, document, Some(definitions))?;
        }
        set.check_twins()?;
        Ok(set)
    }

    /// The cases, in the order of their files.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case of an id.
    #[must_use]
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.by_id.get(id).and_then(|index| self.cases.get(*index))
    }

    /// The JSON of a case, as its file has it.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&Value> {
        self.by_id.get(id).and_then(|index| self.documents.get(*index))
    }

    /// The rules that the set's own files define.
    #[must_use]
    pub fn rules(&self) -> &BTreeMap<String, Rule> {
        &self.rules
    }

    /// The flags that the set's own files define.
    #[must_use]
    pub fn flags(&self) -> &BTreeMap<String, Bilingual> {
        &self.flags
    }

    /// The keys that the set's own files define.
    #[must_use]
    pub fn keys(&self) -> &BTreeMap<String, Key> {
        &self.keys
    }

    fn add(
        &mut self,
        file: &str,
        position: usize,
        document: Value,
        definitions: Option<&VectorSet>,
    ) -> Result<(), LoadError> {
        let id = document.get("id").and_then(Value::as_str);
        let name = id.map_or_else(|| format!("at position {position}"), str::to_owned);
        let problem = |problem| LoadError::Case { file: file.into(), case: name.clone(), problem };
        let undefined = |kind, missing: &str| LoadError::Undefined {
            file: file.into(),
            case: name.clone(),
            kind,
            name: missing.into(),
        };
        let fields: CaseFields =
            serde_json::from_value(document.clone()).map_err(|error| problem(error.to_string()))?;
        let flags = fields.flags.iter().map(|flag| {
            let found = self.flags.get(flag).or_else(|| definitions?.flags.get(flag));
            found.cloned().ok_or_else(|| undefined("flag", flag))
        });
        let flags = flags.collect::<Result<_, _>>()?;
        let rule = self.rules.get(&fields.rule);
        let rule = rule.or_else(|| definitions.and_then(|set| set.rules.get(&fields.rule)));
        let rule = rule.ok_or_else(|| undefined("rule", &fields.rule))?;
        let find_key = |name: &String| {
            let own = self.keys.get(name);
            let found = own.or_else(|| definitions.and_then(|set| set.keys.get(name)));
            found.ok_or_else(|| undefined("key", name))
        };
        let key = fields.key.as_ref().map(find_key).transpose()?;
        let by_id = |(id, name): &(String, String)| Ok((id.clone(), find_key(name)?.clone()));
        let keys = fields.keys.iter().map(by_id).collect::<Result<_, LoadError>>()?;
        let case = fields.into_case(theme(file), rule, flags, key, keys).map_err(problem)?;
        if let Some(first) = self.by_id.get(&case.id).and_then(|index| self.cases.get(*index)) {
            return Err(LoadError::DuplicateId {
                file: file.into(),
                id: case.id,
                first: first.theme.clone(),
            });
        }
        self.by_id.insert(case.id.clone(), self.cases.len());
        self.cases.push(case);
        self.documents.push(document);
        Ok(())
    }

    fn check_twins(&self) -> Result<(), LoadError> {
        for case in &self.cases {
            if let Some(twin) = case.twin_id()
                && !self.by_id.contains_key(twin)
            {
                return Err(LoadError::Undefined {
                    file: case.theme.clone(),
                    case: case.id.clone(),
                    kind: "twin",
                    name: twin.into(),
                });
            }
        }
        Ok(())
    }
}

fn theme(file: &str) -> &str {
    Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or(file)
}

fn parse(name: &str, text: &str) -> Result<File, LoadError> {
    let json = |source| LoadError::Json { file: name.into(), source };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let version: Version = serde_json::from_str(text).map_err(json)?;
    match version.format {
        Some(found) if found.as_u64() == Some(FORMAT) => serde_json::from_str(text).map_err(json),
        found => Err(LoadError::Format {
            file: name.into(),
            found: found.map_or_else(|| "is not given".into(), |found| found.to_string()),
        }),
    }
}

fn read(path: &Path) -> Result<Vec<(String, String)>, LoadError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| LoadError::Unreadable { path, source }
    };
    let metadata = fs::metadata(path).map_err(unreadable(path))?;
    if !metadata.is_dir() {
        let file = path.display().to_string();
        if metadata.len() > LARGEST_FILE {
            return Err(LoadError::TooLarge { file, bytes: metadata.len() });
        }
        return Ok(vec![(file, fs::read_to_string(path).map_err(unreadable(path))?)]);
    }
    let mut texts = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(unreadable(&folder))? {
            let entry = entry.map_err(unreadable(&folder))?;
            let kind = entry.file_type().map_err(unreadable(&entry.path()))?;
            let is_vector = entry.path().extension().is_some_and(|ending| ending == "json")
                && entry.file_name() != "schema.json";
            if kind.is_dir() {
                folders.push(entry.path());
            } else if is_vector {
                texts.extend(read(&entry.path())?);
            }
        }
    }
    if texts.is_empty() {
        return Err(LoadError::NoFile { path: path.to_owned() });
    }
    texts.sort();
    Ok(texts)
}
