//! API tokens: made, listed and revoked by people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::codes::Code;
use super::dto::{ApiToken, CreatedApiToken, NewApiToken};
use super::extract::{Json, Path};
use super::openapi::refusals;
use super::problem::{Answer, Refusal};
use super::session::SignedIn;
use crate::app::App;
use crate::store::api_tokens;
use crate::token::{self, API_PREFIX};

/// Tokens of one account.
const MOST_TOKENS: u64 = 50;
const LONGEST_NAME: usize = 100;

/// Lists the tokens of the account.
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "listTokens",
    tag = "tokens",
    security(("session" = [])),
    responses((status = 200, description = "All of them, the oldest first.", body = [ApiToken])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed_in: SignedIn,
) -> Answer<axum::Json<Vec<ApiToken>>> {
    Ok(axum::Json(api_tokens::list(app.store(), signed_in.admin.account_id).await?))
}

refusals!(CreateRefusals: TokenNameInvalid, TokensFull);

/// Makes a token. The answer is the only one that has its secret.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "createToken",
    tag = "tokens",
    security(("session" = [])),
    request_body = NewApiToken,
    responses(
        (status = 201, description = "The token and its secret.", body = CreatedApiToken),
        CreateRefusals,
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    signed_in: SignedIn,
    Json(new): Json<NewApiToken>,
) -> Answer<Response> {
    let name = checked_name(&new.name)?;
    let secret = format!("{API_PREFIX}{}", token::mint().map_err(|_| Refusal::internal())?);
    let admin = &signed_in.admin;
    let mut tx = app.store().begin().await?;
    if api_tokens::count(&mut tx, admin.account_id).await? >= MOST_TOKENS {
        return Err(Refusal::saying(
            Code::TokensFull,
            format!(
                "There are {MOST_TOKENS} tokens already. Revoke one that is not used any more."
            ),
        ));
    }
    let now = app.clock().now_micros();
    let token = api_tokens::insert(&mut tx, admin, name, &token::hash(&secret), now).await?;
    tx.commit().await?;
    let created = CreatedApiToken { token, secret };
    Ok((StatusCode::CREATED, axum::Json(created)).into_response())
}

/// Revokes a token: it is refused from now on.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "revokeToken",
    tag = "tokens",
    security(("session" = [])),
    params(("id" = i64, Path, description = "Id of the token.")),
    responses((status = 204, description = "Revoked.")),
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    if api_tokens::delete(app.store(), signed_in.admin.account_id, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_found())
    }
}

fn checked_name(given: &str) -> Answer<&str> {
    let name = given.trim();
    let length = name.chars().count();
    if (1..=LONGEST_NAME).contains(&length) && !name.contains(char::is_control) {
        Ok(name)
    } else {
        Err(Refusal::new(Code::TokenNameInvalid))
    }
}
