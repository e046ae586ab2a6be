//! The description of an application before its world starts.

use crate::product::{Generation, Product};
use crate::program::Program;
use crate::settings::Settings;

/// Failed logins after which Jira demands a CAPTCHA by default.
const JIRA_CAPTCHA: u32 = 3;

/// How an application serves its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP.
    Off,
    /// TLS with a certificate of the world's authority for its names.
    Good,
    /// A certificate that has expired.
    Expired,
    /// A valid certificate that expires in ten days.
    ExpiresSoon,
    /// A self-signed certificate.
    SelfSigned,
    /// A certificate for another host.
    WrongHost,
    /// A valid certificate, but the server requires a client certificate.
    ClientCertificate,
}

/// An application to simulate.
#[derive(Debug, Clone)]
pub struct App {
    pub(crate) product: Product,
    pub(crate) alias: String,
    pub(crate) context: String,
    pub(crate) tls: Tls,
    pub(crate) port: u16,
    pub(crate) hosts: Vec<String>,
    pub(crate) server_id: Option<String>,
    pub(crate) clone_of: Option<String>,
    pub(crate) key_bits: usize,
    /// The program of another maker that answers in place of the product.
    pub(crate) program: Option<Program>,
    pub(crate) settings: Settings,
}

impl App {
    /// An application of `product` under `alias`, of the classic generation, plain HTTP, without a
    /// context path.
    pub fn new(product: Product, alias: &str) -> Self {
        let mut settings = Settings::new(product.name());
        if product == Product::Jira {
            settings.captcha_after = Some(JIRA_CAPTCHA);
        }
        Self {
            product,
            alias: alias.to_owned(),
            context: String::new(),
            tls: Tls::Off,
            port: 0,
            hosts: Vec::new(),
            server_id: None,
            clone_of: None,
            key_bits: 2048,
            program: None,
            settings,
        }
    }

    /// A program of another maker in place of a product, under `alias`.
    pub fn program(alias: &str, program: Program) -> Self {
        let mut app = Self::new(Product::Jira, alias).display_name(alias);
        app.program = Some(program);
        app
    }

    /// Context path (`/jira`).
    #[must_use]
    pub fn context(mut self, path: &str) -> Self {
        self.context = normal_context(path);
        self
    }

    /// How old it is.
    #[must_use]
    pub fn generation(mut self, generation: Generation) -> Self {
        self.settings.generation = generation;
        self
    }

    /// How it serves its port.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// A fixed port instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// A name in the world's table of hosts, under which the other applications reach it.
    #[must_use]
    pub fn host(mut self, name: &str) -> Self {
        self.hosts.push(name.to_ascii_lowercase());
        self
    }

    /// Configured base URL. `{port}` stands for its port.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        self.settings.base_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// Title of the instance.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.settings.display_name);
        self
    }

    /// Server id, from which the application id follows.
    #[must_use]
    pub fn server_id(mut self, id: &str) -> Self {
        self.server_id = Some(id.to_owned());
        self
    }

    /// A restored copy of another application: the same server id, consumer key and key pair.
    #[must_use]
    pub fn clone_of(mut self, alias: &str) -> Self {
        self.clone_of = Some(alias.to_owned());
        self
    }

    /// Size of its key pair (2048).
    #[must_use]
    pub fn key_bits(mut self, bits: usize) -> Self {
        self.key_bits = bits;
        self
    }

    /// Any other setting.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }
}

/// Empty, or with one leading and no trailing slash.
pub(crate) fn normal_context(path: &str) -> String {
    let bare = path.trim_matches('/');
    if bare.is_empty() {
        String::new()
    } else {
        format!("/{bare}")
    }
}
