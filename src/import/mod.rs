//! Files of the user, read into series: one kind of file, one file here.
