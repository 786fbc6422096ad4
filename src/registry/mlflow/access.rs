//! Who asks, and how the connection is secured: the environment variables of MLflow's own client.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, ClientBuilder, Identity};

use crate::error::{Error, ErrorKind, Result};

/// Begins the variables of MLflow's own client.
const MLFLOWS_PREFIX: &str = "MLFLOW_TRACKING";

/// How hivectl presents itself to a server. Has no `Debug`: it holds passwords.
#[derive(Clone, Default)]
pub struct Access {
    credentials: Credentials,
    /// What begins the variables that were looked at, and where the credentials were found.
    prefix: String,
    origin: &'static str,
    workspace: Option<String>,
    authority: Option<PathBuf>,
    identity: Option<PathBuf>,
    insecure: bool,
}

#[derive(Clone, Default, PartialEq)]
enum Credentials {
    #[default]
    None,
    Basic {
        user: String,
        password: String,
    },
    Bearer(String),
}

impl Access {
    /// Reads `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, which win over `MLFLOW_TRACKING_TOKEN`, else
    /// `~/.mlflow/credentials`; with another `prefix` the variables that begin with it, and no file; `MLFLOW_TRACKING_SERVER_CERT_PATH`,
    /// `MLFLOW_TRACKING_CLIENT_CERT_PATH` and `MLFLOW_TRACKING_INSECURE_TLS`.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for values that contradict each other or are none.
    pub fn from_environment(prefix: &str) -> Result<Access> {
        let insecure = match variable("MLFLOW_TRACKING_INSECURE_TLS").as_deref() {
            None | Some("false" | "False" | "0") => false,
            Some("true" | "True" | "1") => true,
            Some(word) => {
                return Err(Error::new(ErrorKind::BadConfiguration, format!("MLFLOW_TRACKING_INSECURE_TLS is '{word}'"))
                    .hint("it is true or false; without it the server's certificate is checked"));
            }
        };
        let authority = variable("MLFLOW_TRACKING_SERVER_CERT_PATH").map(PathBuf::from);
        if insecure && authority.is_some() {
            return Err(Error::new(
                ErrorKind::BadConfiguration,
                "MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH contradict each other",
            )
            .hint("run 'unset MLFLOW_TRACKING_INSECURE_TLS'"));
        }
        let (credentials, origin) = credentials(prefix)?;
        Ok(Access {
            credentials,
            prefix: prefix.to_owned(),
            origin,
            workspace: None,
            authority,
            identity: variable("MLFLOW_TRACKING_CLIENT_CERT_PATH").map(PathBuf::from),
            insecure,
        })
    }

    /// Asks for what is in a workspace of the server.
    #[must_use]
    pub fn in_workspace(self, workspace: Option<String>) -> Access {
        Access { workspace, ..self }
    }

    pub(super) fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// Uses the user and password that a URL carried, unless the environment names others.
    pub(super) fn or_basic(&mut self, user: &str, password: &str) {
        if self.credentials == Credentials::None {
            self.credentials = Credentials::Basic { user: user.to_owned(), password: password.to_owned() };
            self.origin = "the URL";
        }
    }

    /// Whether the server is told who asks, so that it may hide from one account what another one makes.
    pub(super) fn is_by_name(&self) -> bool {
        self.credentials != Credentials::None || self.identity.is_some()
    }

    /// What to do when the server does not accept who asks.
    pub(super) fn remedy(&self) -> String {
        let prefix = if self.prefix.is_empty() { MLFLOWS_PREFIX } else { &self.prefix };
        let place = |words: &str| if self.origin.is_empty() { format!("{prefix}_{words}") } else { self.origin.to_owned() };
        match &self.credentials {
            Credentials::None => {
                let file = if prefix == MLFLOWS_PREFIX { ", or write ~/.mlflow/credentials" } else { "" };
                format!("the server does not know who asks: set {prefix}_USERNAME and {prefix}_PASSWORD, or {prefix}_TOKEN{file}")
            }
            Credentials::Basic { user, .. } => {
                format!("the server does not accept the user {user} with the password from {}: check both there", place("PASSWORD"))
            }
            Credentials::Bearer(_) => format!("the server does not accept the token from {}: it may have run out", place("TOKEN")),
        }
    }

    /// The headers of every request.
    pub(super) fn headers(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        let authorization = match &self.credentials {
            Credentials::None => None,
            Credentials::Basic { user, password } => Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))),
            Credentials::Bearer(token) => Some(format!("Bearer {token}")),
        };
        let refuse = |what: &str| Error::new(ErrorKind::BadConfiguration, format!("{what} holds a letter that no header can carry"));
        if let Some(text) = authorization {
            let mut value = HeaderValue::from_str(&text).map_err(|_| refuse("MLFLOW_TRACKING_TOKEN"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(workspace) = &self.workspace {
            let value = HeaderValue::from_str(workspace).map_err(|_| refuse("the workspace"))?;
            headers.insert(HeaderName::from_static("x-mlflow-workspace"), value);
        }
        Ok(headers)
    }

    /// Sets up how a server on `https` is recognised. Without it nothing is read of the machine's certificates,
    /// which would take longer than a whole answer.
    pub(super) fn secure(&self, builder: ClientBuilder, is_https: bool) -> Result<ClientBuilder> {
        // Another part of the process may have chosen the same provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = builder;
        if !is_https {
            return Ok(builder.tls_certs_only([]));
        }
        if let Some(path) = &self.authority {
            let certificates = Certificate::from_pem_bundle(&read("MLFLOW_TRACKING_SERVER_CERT_PATH", path)?)
                .map_err(|source| bad_file("MLFLOW_TRACKING_SERVER_CERT_PATH", path, source))?;
            if certificates.is_empty() {
                return Err(bad_file("MLFLOW_TRACKING_SERVER_CERT_PATH", path, "it holds no certificate"));
            }
            builder = builder.tls_certs_only(certificates);
        }
        if let Some(path) = &self.identity {
            let identity = Identity::from_pem(&read("MLFLOW_TRACKING_CLIENT_CERT_PATH", path)?)
                .map_err(|source| bad_file("MLFLOW_TRACKING_CLIENT_CERT_PATH", path, source))?;
            builder = builder.identity(identity);
        }
        Ok(builder.tls_danger_accept_invalid_certs(self.insecure))
    }
}

fn read(variable: &str, path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::file("read", path, &source).hint(format!("{variable} names it")))
}

fn bad_file(variable: &str, path: &Path, source: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadConfiguration, format!("{} is no certificate in PEM form", path.display()))
        .because(source)
        .hint(format!("{variable} names it; look at it: 'openssl x509 -noout -text -in {}'", path.display()))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The credentials, and where they are from if that is no variable.
fn credentials(prefix: &str) -> Result<(Credentials, &'static str)> {
    let own = |word: &str| variable(&format!("{prefix}_{word}"));
    if let (Some(user), Some(password)) = (own("USERNAME"), own("PASSWORD")) {
        return Ok((Credentials::Basic { user, password }, ""));
    }
    if let Some(token) = own("TOKEN") {
        return Ok((Credentials::Bearer(token), ""));
    }
    if prefix != MLFLOWS_PREFIX {
        return Ok((Credentials::None, ""));
    }
    let Some(path) = variable("HOME").map(|home| Path::new(&home).join(".mlflow/credentials")) else {
        return Ok((Credentials::None, ""));
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok((from_file(&text), "~/.mlflow/credentials")),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok((Credentials::None, "")),
        Err(source) => Err(Error::file("read", &path, &source)),
    }
}

/// The section `[mlflow]` of MLflow's credentials file.
fn from_file(text: &str) -> Credentials {
    let mut in_section = false;
    let (mut user, mut password) = (None, None);
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            in_section = section.trim_end_matches(']').trim() == "mlflow";
        } else if let Some((key, value)) = line.split_once(['=', ':']).filter(|_| in_section) {
            match key.trim().to_ascii_lowercase().as_str() {
                "mlflow_tracking_username" => user = Some(value.trim().to_owned()),
                "mlflow_tracking_password" => password = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    match (user, password) {
        (Some(user), Some(password)) => Credentials::Basic { user, password },
        _ => Credentials::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_file_is_read_by_section() {
        let text = "[other]\nmlflow_tracking_username = x\n[mlflow]\nmlflow_tracking_username = me\nmlflow_tracking_password = a=b:c\n";
        assert!(from_file(text) == Credentials::Basic { user: "me".into(), password: "a=b:c".into() });
        assert!(from_file("[mlflow]\nmlflow_tracking_username = me\n") == Credentials::None);
    }

    #[test]
    fn a_password_is_no_part_of_what_headers_show() {
        let mut access = Access::default();
        access.or_basic("me", "secret");
        let headers = access.headers().expect("headers");
        assert_eq!(headers[AUTHORIZATION], "Basic bWU6c2VjcmV0");
        assert!(!format!("{headers:?}").contains("bWU6"));
        assert!(access.remedy().contains("the user me") && access.remedy().contains("the URL"), "{}", access.remedy());
        assert!(!access.remedy().contains("secret"));
    }

    #[test]
    fn who_is_not_accepted_is_told_where_the_credentials_are_looked_for() {
        let none = |prefix: &str| Access { prefix: prefix.to_owned(), ..Access::default() }.remedy();
        assert!(none("").contains("MLFLOW_TRACKING_USERNAME") && none("").contains("~/.mlflow/credentials"));
        assert!(none("OTHER").contains("OTHER_PASSWORD") && !none("OTHER").contains("MLFLOW"), "{}", none("OTHER"));
        let token = Access { credentials: Credentials::Bearer("t0k".into()), prefix: "OTHER".into(), ..Access::default() };
        assert!(token.remedy().contains("OTHER_TOKEN") && !token.remedy().contains("t0k"), "{}", token.remedy());
    }
}
