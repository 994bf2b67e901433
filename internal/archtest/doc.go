// Package archtest holds tests that read the source tree instead of running
// it: which package may import which, what a library package must not touch,
// that every exported name is documented and shown by an example, that the code
// in Markdown files is code that the tests run.
//
// It has no code of its own. A test that fails here names the file, the line, and
// what to do about it.
package archtest
