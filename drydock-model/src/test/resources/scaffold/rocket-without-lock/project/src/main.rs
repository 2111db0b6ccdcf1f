#[macro_use] extern crate rocket;
