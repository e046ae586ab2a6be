//! The class names of authentication providers.

pub(crate) const PREFIX: &str = "com.atlassian.applinks.api.auth.types.";
pub(crate) const OAUTH: &str = "com.atlassian.applinks.api.auth.types.OAuthAuthenticationProvider";
pub(crate) const TWO_LO: &str =
    "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthAuthenticationProvider";
pub(crate) const TWO_LOI: &str =
    "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthWithImpersonationAuthenticationProvider";
pub(crate) const BASIC: &str = "com.atlassian.applinks.api.auth.types.BasicAuthenticationProvider";
pub(crate) const TRUSTED: &str =
    "com.atlassian.applinks.api.auth.types.TrustedAppsAuthenticationProvider";
pub(crate) const CORS: &str = "com.atlassian.applinks.api.auth.types.CorsAuthenticationProvider";
pub(crate) const ALL: [&str; 6] = [OAUTH, TWO_LO, TWO_LOI, BASIC, TRUSTED, CORS];
