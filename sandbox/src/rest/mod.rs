//! The resources and servlets of an application, and the tables that lead to them.

mod applicationlink;
mod applinks;
mod authenticationinfo;
mod basicauth;
mod call;
mod consumer_servlets;
mod consumers;
mod directions;
mod dispatch;
mod entity;
mod features;
mod identity;
mod link_deletion;
mod link_edit;
mod lists;
mod manifest;
mod migration;
mod oauth2;
mod oauth2_rows;
mod oauth2_rules;
mod program;
mod providers;
mod relocate;
mod routes;
mod status;
mod token_servlets;
mod wizard;
mod wizard_url;

pub(crate) use program::answer as answer_as_program;
pub(crate) use routes::route;
