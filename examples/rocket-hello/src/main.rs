//! A small Rocket application: a greeting at `/`, one by name at `/hello/<name>`, and its state as JSON at `/health`.

use rocket::serde::{json::Json, Serialize};
use rocket::{catch, catchers, get, launch, routes, Build, Rocket};

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct Health {
    status: &'static str,
    version: &'static str,
}

#[get("/")]
fn index() -> &'static str {
    "Hello, Docker!"
}

#[get("/hello/<name>?<times>")]
fn hello(name: &str, times: Option<u8>) -> String {
    vec![format!("Hello, {name}!"); usize::from(times.unwrap_or(1))].join("\n")
}

#[get("/health")]
fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

#[catch(404)]
fn not_found() -> &'static str {
    "Nothing is here. Try /hello/you"
}

#[launch]
fn rocket() -> Rocket<Build> {
    rocket::build()
        .mount("/", routes![index, hello, health])
        .register("/", catchers![not_found])
}

#[cfg(test)]
mod tests {
    use super::rocket;
    use rocket::http::Status;
    use rocket::local::blocking::Client;

    #[test]
    fn greets() {
        let client = Client::tracked(rocket()).unwrap();
        assert_eq!(client.get("/").dispatch().into_string().unwrap(), "Hello, Docker!");
        assert_eq!(client.get("/hello/you?times=2").dispatch().into_string().unwrap(), "Hello, you!\nHello, you!");
        assert_eq!(client.get("/nowhere").dispatch().status(), Status::NotFound);
    }
}
