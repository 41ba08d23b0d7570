//! Members of an account, and how they get in.

use rehome_record::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person may do in their account. Each may what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Role {
    /// Sees sites, comments and imports.
    Viewer,
    /// Makes sites, imports and tokens of their own.
    Admin,
    /// Decides about members, everybody's tokens and the sites' settings, and sees the audit log.
    Owner,
}

/// What a token may do, and never more than whoever made it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Scope {
    /// Read sites, pages, comments and imports.
    Read,
    /// Make imports and follow them.
    Import,
    /// Make exports and fetch them.
    Export,
}

/// A member of the account: `GET /api/v1/admins`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Member {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// E-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are a member.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
}

/// `PATCH /api/v1/admins/{id}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewRole {
    /// What they may do from now on.
    pub role: Role,
}

/// `POST /api/v1/invitations`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewInvitation {
    /// What the new member may do.
    pub role: Role,
    /// The only address that it can be accepted with; none lets its bearer choose.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub email: Option<String>,
}

/// An invitation that nobody has accepted yet: `GET /api/v1/invitations`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Invitation {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// What the new member may do.
    pub role: Role,
    /// The only address that it can be accepted with.
    pub email: Option<String>,
    /// E-mail of the owner who made it.
    pub invited_by: String,
    /// When it was made.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// When it ends.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub expires_at: Timestamp,
}

/// The answer to its making: the only time that the link is shown.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CreatedInvitation {
    /// What is kept of it.
    pub invitation: Invitation,
    /// `…/invite#token`, for the new member alone. Good once.
    pub link: String,
}

/// `POST /api/v1/invitations/look`: what a link is for. Not in the address, where it would be logged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LookAtInvitation {
    /// From the link's fragment.
    pub token: String,
}

/// The answer: what whoever holds the link would accept.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InvitationOffer {
    /// What they may do.
    pub role: Role,
    /// The only address that it can be accepted with.
    pub email: Option<String>,
    /// E-mail of the owner who invites.
    pub invited_by: String,
    /// When it ends.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub expires_at: Timestamp,
}

/// `POST /api/v1/invitations/accept`: becomes a member and signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AcceptInvitation {
    /// From the link's fragment.
    pub token: String,
    /// E-mail address to sign in with.
    pub email: String,
    /// At least 10 characters.
    pub password: String,
}

/// A place where the person is signed in: `GET /api/v1/sessions`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OpenSession {
    /// Id.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: i64,
    /// When they signed in.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub used_at: Timestamp,
    /// It is the one that asks.
    pub is_this: bool,
    /// Browser and system, like `Firefox, Linux`; none where it names no known one.
    pub browser: Option<String>,
}

/// `PUT /api/v1/password`: ends all other sessions of the person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewPassword {
    /// The one that holds now.
    pub current: String,
    /// At least 10 characters.
    pub new: String,
}

/// `POST /api/v1/password-resets`: mails a link, where the server sends mail and knows the address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewPasswordReset {
    /// E-mail address.
    pub email: String,
}

/// `POST /api/v1/password-resets/use`: ends all sessions of the person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UsePasswordReset {
    /// From the link's fragment.
    pub token: String,
    /// At least 10 characters.
    pub password: String,
}
