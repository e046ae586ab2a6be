//! Finds out who the account is, and what it may do.

use reqwest::Method;
use serde_json::Value;

use super::answer;
use super::call::Response;
use super::failure::{CallError, Failure};
use super::product::{Identity, product};
use super::session::{RequestOptions, Session, SystemRights, is_anonymous};
use crate::domain::{Code, TypeId};

impl Session {
    /// Makes sure, once a run, that the account is an administrator here.
    pub async fn administrator(&self) -> Result<(), CallError> {
        self.rights.get_or_init(|| self.probe()).await.clone()
    }

    async fn probe(&self) -> Result<(), CallError> {
        let method = Method::GET;
        let path = "/rest/applinks/1.0/authenticationinfo";
        self.check_open(&method, path)?;
        let options = RequestOptions::with_account(self.account.as_ref());
        let answer = self.exchange(&method, path, options).await?;
        let Err(failure) = answer::read(&answer) else {
            return Ok(());
        };
        let failure = match failure {
            // The general refusal: find out which it is.
            Failure::Denied {
                code: Code::NotAdmin,
                detail,
            } => {
                // The manifest says whether the product tells a refused password.
                let _ = self.manifest().await;
                if self.is_lost(&answer) {
                    Failure::CredentialsLost
                } else {
                    Failure::Denied {
                        code: self.why_refused(&answer).await,
                        detail,
                    }
                }
            }
            other => other,
        };
        if matches!(failure, Failure::Denied { .. } | Failure::CredentialsLost) {
            self.close(failure.clone());
        }
        Err(self.resource_due(self.failed(&method, path, failure)).await)
    }

    /// A resource that every application has and this one has not: it is no application that
    /// applink knows how to talk to, whatever it says of itself.
    pub(super) async fn resource_due(&self, error: CallError) -> CallError {
        if !matches!(error.failure, Failure::NotFound { .. }) {
            return error;
        }
        let what = match self.manifest().await {
            Ok(manifest) => format!("{} {}", manifest.type_id.name(), manifest.version),
            Err(_) => "the application".to_owned(),
        };
        CallError {
            failure: Failure::Unreadable {
                status: 404,
                detail: format!("{what} does not know {}", error.call),
            },
            ..error
        }
    }

    /// Why a probe was refused without a reason: no login, a wrong one, or too few rights.
    async fn why_refused(&self, refusal: &Response) -> Code {
        let Some(account) = &self.account else {
            return Code::NotAdmin;
        };
        let nobody = account.refused();
        match refusal.header("x-ausername") {
            Some(name) if !is_anonymous(name) => return Code::NotAdmin,
            Some(_) => return nobody,
            None => {}
        }
        let type_id = self
            .manifest()
            .await
            .map_or_else(|_| TypeId::generic(), |manifest| manifest.type_id.clone());
        let Identity::Resource { path, fields } = product(&type_id).identity else {
            return if account.basic {
                Code::NotAdmin
            } else {
                Code::TokenIgnored
            };
        };
        let options = RequestOptions::with_account(Some(account));
        let Ok(answer) = self.exchange(&Method::GET, path, options).await else {
            return Code::NotAdmin;
        };
        match answer::read(&answer) {
            Ok(value) => {
                let name = fields
                    .iter()
                    .find_map(|field| value.get(*field).and_then(Value::as_str))
                    .or_else(|| answer.header("x-ausername"));
                match name {
                    Some(name) if !is_anonymous(name) => Code::NotAdmin,
                    _ => nobody,
                }
            }
            Err(Failure::Denied {
                code: Code::NotAdmin,
                ..
            }) if answer.status == 401 => nobody,
            Err(Failure::Denied { code, .. }) => code,
            Err(_) => Code::NotAdmin,
        }
    }

    /// Finds out whether a secure administrator session is demanded, while nothing is changed.
    pub async fn websudo(&self) -> Result<(), CallError> {
        match self
            .call(Method::GET, "/rest/applinks/1.0/applicationlink", None)
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => Err(self.resource_due(error).await),
        }
    }

    /// Whether the account is a system administrator, where the product tells.
    pub async fn system_administrator(&self) -> SystemRights {
        let Ok(manifest) = self.manifest().await else {
            return SystemRights::Unknown;
        };
        let Some(path) = product(&manifest.type_id).permissions else {
            return SystemRights::Unknown;
        };
        let Ok(value) = self.call(Method::GET, path, None).await else {
            return SystemRights::Unknown;
        };
        match value
            .pointer("/permissions/SYSTEM_ADMIN/havePermission")
            .and_then(Value::as_bool)
        {
            Some(true) => SystemRights::Yes,
            Some(false) => SystemRights::No,
            None => SystemRights::Unknown,
        }
    }
}
