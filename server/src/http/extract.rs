//! What handlers take out of requests, with our own answers where it is not there.

use std::fmt;
use std::marker::PhantomData;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use rehome_record::MAX_NUMBER;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::codes::Code;
use super::problem::Refusal;

/// A JSON body: one object.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let axum::Json(Object(body)) = axum::Json::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// serde also takes the list of a struct's values for the struct, and no document says so.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// Parts of the path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Refusal))]
pub(crate) struct Path<T>(pub T);

/// The query string.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Refusal))]
pub(crate) struct Query<T>(pub T);

/// An id in the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(i64);

impl Id {
    pub(crate) fn get(self) -> i64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = u64::deserialize(deserializer)?;
        let id = i64::try_from(given).ok().filter(|_| (1..=MAX_NUMBER).contains(&given));
        id.map(Self).ok_or_else(|| de::Error::custom("no id"))
    }
}

impl utoipa::PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        number.minimum(Some(1)).maximum(Some(MAX_NUMBER)).into()
    }
}

impl utoipa::ToSchema for Id {}

/// How many to list: from 1 to this many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AtMost<const MOST: u32>(u32);

impl<const MOST: u32> AtMost<MOST> {
    pub(crate) fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const MOST: u32> Deserialize<'de> for AtMost<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = u32::deserialize(deserializer)?;
        let fits = (1..=MOST).contains(&given).then_some(Self(given));
        fits.ok_or_else(|| de::Error::custom(format_args!("1 to {MOST} at once")))
    }
}

impl<const MOST: u32> utoipa::PartialSchema for AtMost<MOST> {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        number.minimum(Some(1)).maximum(Some(MOST)).into()
    }
}

impl<const MOST: u32> utoipa::ToSchema for AtMost<MOST> {}

/// Says what is wrong without repeating what was sent.
impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(Code::BodyTooLarge),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(Code::JsonExpected),
            StatusCode::UNPROCESSABLE_ENTITY => Self::new(Code::BodyInvalid),
            _ => Self::new(Code::BodyNotJson),
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Self {
        Self::new(Code::QueryInvalid)
    }
}
