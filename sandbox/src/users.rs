//! The users of an application and their personal access tokens.

use crate::seed::SeededRng;

/// The permissions of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// An ordinary user.
    User,
    /// An administrator.
    Admin,
    /// A system administrator.
    SystemAdmin,
}

impl Role {
    /// The role's name in the description of a world.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::SystemAdmin => "system-admin",
        }
    }
}

/// A user of one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name to log in with.
    pub name: String,
    /// Password, drawn from the world's seed.
    pub password: String,
    /// Permissions of the user.
    pub role: Role,
}

/// A personal access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalToken {
    /// The secret itself.
    pub token: String,
    /// Name of its owner.
    pub user: String,
}

/// The three users of a new application.
pub(crate) fn default_users(rng: &mut SeededRng) -> Vec<User> {
    [
        ("admin", Role::SystemAdmin),
        ("manager", Role::Admin),
        ("jane", Role::User),
    ]
    .map(|(name, role)| User {
        name: name.to_owned(),
        password: rng.text(20),
        role,
    })
    .to_vec()
}

/// One token for each user.
pub(crate) fn tokens_for(users: &[User], rng: &mut SeededRng) -> Vec<PersonalToken> {
    users
        .iter()
        .map(|user| PersonalToken {
            token: rng.text(44),
            user: user.name.clone(),
        })
        .collect()
}
