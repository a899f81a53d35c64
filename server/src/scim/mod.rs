//! SCIM 2.0 (RFC 7643, RFC 7644): what a directory of the provider's sends to keep people and groups in step with its own, in our terms.
//!
//! A resource is read and written as JSON. A change of a part of one (PATCH) is made to what the whole one looks like, which is then read as if
//! it had been sent whole: so nothing is understood in two ways. What Induct does not keep is taken and forgotten, because directories send it
//! unasked; what it does keep and cannot be is refused with what is wrong.

mod fault;
mod filter;
mod group;
mod patch;
mod service;
mod user;

pub(crate) use fault::{ScimFault, reply};
pub(crate) use filter::{Filter, read_filter};
pub(crate) use group::{read_group, show_group};
pub(crate) use patch::{PatchRequest, apply};
pub(crate) use service::{is_wanted, list, only, resource_types, schemas, service_provider_config};
pub(crate) use user::{read_user, show_user, user_types};
