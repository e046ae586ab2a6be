//! Programs of other makers that serve a manifest, and nothing else of application links.

/// The shape in which a program serves its manifest, whatever the request accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ManifestShape {
    /// JSON without a version, as a chat bridge serves it.
    Json,
    /// XML with repeated elements and comments between them, as a build server's plugin serves it.
    Xml,
    /// XML with the fewest elements that Jira's peers need.
    MinimalXml,
}

/// A program of another maker. It serves a manifest with an id of its own, and its consumer
/// description. It answers every other path with 404, and knows no users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    id: String,
    type_id: &'static str,
    shape: ManifestShape,
    consumer_info: bool,
}

impl Program {
    /// A program of type `generic` whose manifest is always JSON, without a product version.
    pub fn json() -> Self {
        Self::new("7ad3c1f0-2b64-4e19-8c55-91f0a6d2b7e8", ManifestShape::Json)
    }

    /// A program of type `generic` whose manifest is always XML, with repeated elements and
    /// comments.
    pub fn xml() -> Self {
        Self::new("c41f0b7a-6d25-4b83-9e07-3a58d1c92f64", ManifestShape::Xml)
    }

    /// A program that claims to be a Jira. Its manifest is always XML, without `applinksVersion`,
    /// icons and authentication types.
    pub fn jira_compatible() -> Self {
        Self::new(
            "5b2e8c91-4d7f-4e60-a1b3-c9d8e7f6a501",
            ManifestShape::MinimalXml,
        )
        .type_id("jira")
    }

    fn new(id: &str, shape: ManifestShape) -> Self {
        Self {
            id: id.to_owned(),
            type_id: "generic",
            shape,
            consumer_info: true,
        }
    }

    /// The id in its manifest.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// The type id in its manifest. It may be one that no product knows.
    #[must_use]
    pub fn type_id(mut self, type_id: &'static str) -> Self {
        self.type_id = type_id;
        self
    }

    /// Leaves out the description of its consumer.
    #[must_use]
    pub fn without_consumer_info(mut self) -> Self {
        self.consumer_info = false;
        self
    }

    pub(crate) fn own_id(&self) -> &str {
        &self.id
    }

    pub(crate) fn own_type(&self) -> &'static str {
        self.type_id
    }

    pub(crate) fn has_consumer_info(&self) -> bool {
        self.consumer_info
    }

    /// Content type and text of the manifest of a program at `url` that shows `name`.
    pub(crate) fn manifest(&self, name: &str, url: &str) -> (&'static str, String) {
        let (id, type_id) = (&self.id, self.type_id);
        match self.shape {
            ManifestShape::Json => {
                let types = ["", "TwoLegged"].map(|kind| {
                    format!(
                        "com.atlassian.applinks.api.auth.types.{kind}OAuthAuthenticationProvider"
                    )
                });
                let value = serde_json::json!({
                    "id": id, "name": name, "typeId": type_id, "applinksVersion": "6.0.21",
                    "inboundAuthenticationTypes": types, "publicSignup": false, "url": url,
                });
                ("application/json", value.to_string())
            }
            ManifestShape::Xml => {
                let (name, url) = (escaped(name), escaped(url));
                let text = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                     <!-- Served to every caller. -->\n<manifest>\n\t<id>{id}</id>\n\t<name>{name}</name>\n\
                     \t<typeId>{type_id}</typeId>\n\t<version>7.12.3</version>\n\t<buildNumber>712004</buildNumber>\n\
                     \t<applinksVersion>5.4.5</applinksVersion>\n\
                     \t<inboundAuthenticationTypes>com.atlassian.applinks.api.auth.types.TwoLeggedOAuthAuthenticationProvider</inboundAuthenticationTypes>\n\
                     \t<!-- <inboundAuthenticationTypes>com.atlassian.applinks.api.auth.types.BasicAuthenticationProvider</inboundAuthenticationTypes> -->\n\
                     \t<inboundAuthenticationTypes>com.atlassian.applinks.api.auth.types.OAuthAuthenticationProvider</inboundAuthenticationTypes>\n\
                     \t<outboundAuthenticationTypes>placeholder.to.ensure.backwards.compatibility</outboundAuthenticationTypes>\n\
                     \t<publicSignup>false</publicSignup>\n\t<url>{url}</url>\n\
                     \t<iconUrl>{url}/static/images/headshot.png</iconUrl>\n</manifest>\n"
                );
                ("application/xml", text)
            }
            ManifestShape::MinimalXml => {
                let (name, url) = (escaped(name), escaped(url));
                let text = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest>\n  <id>{id}</id>\n  <name>{name}</name>\n\
                     \x20 <typeId>{type_id}</typeId>\n  <version>9.12.0</version>\n  <buildNumber>912000</buildNumber>\n\
                     \x20 <url>{url}</url>\n  <publicSignup>false</publicSignup>\n</manifest>\n"
                );
                ("application/xml", text)
            }
        }
    }
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
