//! People and companies outside.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use offhook_core::id::ContactId;
use offhook_store::Tx;
use offhook_store::contacts::{self, Contact, ContactKind, Order, Phone};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changes::{self, Change};
use super::{Body, Page, PageQuery, Params, audit, csv, patch, phone};
use crate::app::App;
use crate::auth::{Caller, may};
use crate::error::{ApiError, Problem};

/// How many phones or e-mails one contact may have.
const MOST: usize = 20;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(export))
        .routes(routes!(get, change, remove))
}

/// A person or company outside.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContactView {
    id: String,
    /// `lead`, `customer` or `other`.
    kind: Kind,
    name: String,
    company: Option<String>,
    note: Option<String>,
    /// The main one first.
    phones: Vec<PhoneView>,
    /// The main one first.
    emails: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What a contact is to us.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Lead,
    Customer,
    Other,
}

/// In which order contacts come.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    #[default]
    Newest,
    Name,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Newest => Self::Newest,
            Sort::Name => Self::Name,
        }
    }
}

/// A phone of a contact.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PhoneView {
    /// E.164 in answers; any format of the organization's country, or with a country's code, in requests.
    number: String,
    /// Such as `mobile`.
    label: Option<String>,
}

/// A contact to add or to change; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ContactInput {
    name: Option<String>,
    kind: Option<Kind>,
    #[serde(default, deserialize_with = "patch::nullable")]
    company: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    note: Option<Option<String>>,
    /// All of them, the main one first.
    phones: Option<Vec<PhoneView>>,
    /// All of them, the main one first.
    emails: Option<Vec<String>>,
}

/// Which contacts are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContactQuery {
    /// Part of a name, a company, an e-mail, or a phone number in any format.
    q: Option<String>,
    /// `lead`, `customer` or `other`.
    #[param(inline)]
    kind: Option<Kind>,
    /// `newest` (when left out) or `name`.
    #[param(inline)]
    sort: Option<Sort>,
    limit: Option<u32>,
    cursor: Option<String>,
}

impl From<Kind> for ContactKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Lead => Self::Lead,
            Kind::Customer => Self::Customer,
            Kind::Other => Self::Other,
        }
    }
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        Self {
            id: contact.id.into(),
            kind: match contact.kind {
                ContactKind::Lead => Kind::Lead,
                ContactKind::Customer => Kind::Customer,
                ContactKind::Other => Kind::Other,
            },
            name: contact.name,
            company: contact.company,
            note: contact.note,
            phones: contact
                .phones
                .into_iter()
                .map(|p| PhoneView {
                    number: p.e164,
                    label: p.label,
                })
                .collect(),
            emails: contact.emails,
            created_at: contact.created_at,
            updated_at: contact.updated_at,
        }
    }
}

fn id(text: &str) -> Result<ContactId, ApiError> {
    ContactId::parse(text).map_err(|_| ApiError::NotFound("contact"))
}

async fn load(tx: &mut Tx, text: &str) -> Result<Contact, ApiError> {
    contacts::get(tx, &id(text)?)
        .await
        .map_err(|error| ApiError::missing(error, "contact"))
}

/// Contacts, newest first or by name.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(ContactQuery), responses((status = 200, body = Page<ContactView>)))]
async fn list(
    caller: Caller<may::Work>,
    Params(query): Params<ContactQuery>,
) -> Result<Json<Page<ContactView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    }
    .page();
    let kind = query.kind.map(ContactKind::from);
    let order = query.sort.unwrap_or_default().into();
    let listed = caller
        .read(async |tx| Ok(contacts::list(tx, query.q.as_deref(), kind, order, &page).await?))
        .await?;
    Ok(Json(Page::of(listed, ContactView::from)))
}

/// One contact.
#[utoipa::path(get, path = "/contacts/{id}", tag = "contacts", params(("id" = String, Path)), responses(
    (status = 200, body = ContactView), (status = 404, body = Problem)))]
async fn get(
    caller: Caller<may::Work>,
    Path(id): Path<String>,
) -> Result<Json<ContactView>, ApiError> {
    caller
        .read(async |tx| load(tx, &id).await)
        .await
        .map(|contact| Json(contact.into()))
}

/// Add a contact.
#[utoipa::path(post, path = "/contacts", tag = "contacts", request_body = ContactInput, responses(
    (status = 201, body = ContactView), (status = 422, body = Problem)))]
async fn create(
    caller: Caller<may::EditContacts>,
    Body(input): Body<ContactInput>,
) -> Result<(StatusCode, Json<ContactView>), ApiError> {
    let now = caller.app().clock.now();
    let blank = Contact {
        id: ContactId::new(uuid::Uuid::now_v7()),
        kind: ContactKind::default(),
        name: String::new(),
        company: None,
        note: None,
        phones: Vec::new(),
        emails: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    if input.name.is_none() {
        return Err(ApiError::Invalid {
            field: "name".to_owned(),
            code: "missing",
            detail: "this field is needed".to_owned(),
        });
    }
    let contact = caller
        .write(async |tx| {
            let contact = merged(tx, blank.clone(), &input).await?;
            save(tx, contact, Change::Added, now).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(contact)))
}

/// Change a contact.
#[utoipa::path(patch, path = "/contacts/{id}", tag = "contacts", params(("id" = String, Path)), request_body = ContactInput, responses(
    (status = 200, body = ContactView), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn change(
    caller: Caller<may::EditContacts>,
    Path(id): Path<String>,
    Body(input): Body<ContactInput>,
) -> Result<Json<ContactView>, ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| {
            let mut contact = load(tx, &id).await?;
            contact.updated_at = now;
            let contact = merged(tx, contact, &input).await?;
            save(tx, contact, Change::Changed, now).await
        })
        .await
        .map(Json)
}

/// Stores a contact and tells the other screens.
async fn save(
    tx: &mut Tx,
    contact: Contact,
    change: Change,
    now: DateTime<Utc>,
) -> Result<ContactView, ApiError> {
    contacts::save(tx, &contact).await?;
    let view = ContactView::from(contact);
    changes::tell(tx, "contact", change, &view.id, Some(&view), now).await?;
    Ok(view)
}

/// Takes what was given into a contact.
async fn merged(
    tx: &mut Tx,
    mut contact: Contact,
    input: &ContactInput,
) -> Result<Contact, ApiError> {
    if let Some(name) = &input.name {
        contact.name = patch::text("name", name, 200)?;
    }
    if let Some(kind) = input.kind {
        contact.kind = kind.into();
    }
    if let Some(company) = &input.company {
        contact.company = patch::optional("company", company.as_deref(), 200)?;
    }
    if let Some(note) = &input.note {
        contact.note = patch::optional("note", note.as_deref(), 10_000)?;
    }
    if let Some(phones) = &input.phones {
        at_most("phones", phones.len())?;
        contact.phones.clear();
        for (place, one) in phones.iter().enumerate() {
            let e164 = phone::required(tx, &format!("phones[{place}].number"), &one.number).await?;
            let label =
                patch::optional(&format!("phones[{place}].label"), one.label.as_deref(), 40)?;
            contact.phones.push(Phone { e164, label });
        }
    }
    if let Some(emails) = &input.emails {
        at_most("emails", emails.len())?;
        let each = emails
            .iter()
            .enumerate()
            .map(|(place, one)| patch::email(&format!("emails[{place}]"), one));
        contact.emails = each.collect::<Result<_, _>>()?;
    }
    Ok(contact)
}

fn at_most(field: &str, count: usize) -> Result<(), ApiError> {
    if count <= MOST {
        Ok(())
    } else {
        Err(ApiError::invalid(field, format!("give at most {MOST}")))
    }
}

/// Remove a contact; its calls stay and keep its name.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "contacts", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"), (status = 404, body = Problem)))]
async fn remove(
    caller: Caller<may::DeleteContacts>,
    Path(text): Path<String>,
) -> Result<StatusCode, ApiError> {
    let now = caller.app().clock.now();
    let id = id(&text)?;
    caller
        .write(async |tx| {
            contacts::remove(tx, &id, now)
                .await
                .map_err(|error| ApiError::missing(error, "contact"))?;
            let gone = None::<&ContactView>;
            changes::tell(tx, "contact", Change::Removed, id.as_str(), gone, now).await?;
            audit::note(tx, &caller, now, "contact.remove", id.as_str(), json!({})).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The contacts as a CSV file.
#[utoipa::path(get, path = "/contacts/export", tag = "contacts", params(ContactQuery), responses(
    (status = 200, body = String, content_type = "text/csv")))]
async fn export(
    caller: Caller<may::Export>,
    Params(query): Params<ContactQuery>,
) -> Result<Response, ApiError> {
    let kind = query.kind.map(ContactKind::from);
    let order = query.sort.unwrap_or_default().into();
    let mut file = csv::File::begin(&[
        "name",
        "kind",
        "company",
        "phones",
        "emails",
        "note",
        "created_at",
    ])?;
    let mut page = PageQuery {
        limit: Some(200),
        cursor: None,
    }
    .page();
    loop {
        let listed = caller
            .read(async |tx| Ok(contacts::list(tx, query.q.as_deref(), kind, order, &page).await?))
            .await?;
        for contact in listed.items {
            let view = ContactView::from(contact);
            let phones: Vec<_> = view.phones.into_iter().map(|p| p.number).collect();
            file.row(&[
                &view.name,
                csv::word(&view.kind).as_str(),
                view.company.as_deref().unwrap_or_default(),
                &phones.join(" "),
                &view.emails.join(" "),
                view.note.as_deref().unwrap_or_default(),
                &csv::time(Some(view.created_at)),
            ])?;
        }
        page.cursor = listed.next;
        if page.cursor.is_none() {
            break;
        }
    }
    note_export(&caller, "contacts").await?;
    file.answer("contacts")
}

/// Taking a list away is written down.
pub(super) async fn note_export(caller: &Caller<may::Export>, what: &str) -> Result<(), ApiError> {
    let now = caller.app().clock.now();
    caller
        .write(async |tx| audit::note(tx, caller, now, "export", what, json!({})).await)
        .await
}
