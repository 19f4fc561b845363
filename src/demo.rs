//! A seeded synthetic market, made at run time.
