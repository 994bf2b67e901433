// Package command is the frame of the examples: flags in, a report or a message out, and an exit status.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// UsageError is an error in the flags: the exit status is 2.
type UsageError struct{ Err error }

// Error returns the text of Err.
func (u UsageError) Error() string { return u.Err.Error() }

// Unwrap returns Err.
func (u UsageError) Unwrap() error { return u.Err }

// Flags are the flags of a command.
type Flags struct{ *flag.FlagSet }

// NewFlags returns the flags of a command that answers a question.
func NewFlags(name, question string, stderr io.Writer) Flags {
	f := Flags{flag.NewFlagSet(name, flag.ContinueOnError)}
	f.SetOutput(stderr)
	f.Usage = func() {
		_, _ = io.WriteString(stderr, question+"\n\nusage: "+name+" [flags]\n")
		f.PrintDefaults()
	}
	return f
}

// Parse reads the flags. There must be no argument besides; remedy says how to name it instead.
func (f Flags) Parse(args []string, remedy string) error {
	if err := f.FlagSet.Parse(args); err != nil {
		return told{err}
	}
	if f.NArg() > 0 {
		return UsageError{fmt.Errorf("unexpected argument %q: %s", f.Arg(0), remedy)}
	}
	return nil
}

// told is an error that package flag has written already.
type told struct{ error }

func (t told) Unwrap() error { return t.error }

// Main runs a command with the arguments of the process, and ends it.
func Main(name string, report func(args []string, stderr io.Writer) ([]byte, error)) {
	os.Exit(Run(name, report, os.Args[1:], os.Stdout, os.Stderr))
}

// Run runs a command: it makes the report, writes it, and says what was wrong. Nothing is written to stdout before everything
// has been computed. A report that comes with an error is written all the same. The exit status is 0, or 1 for an error, or
// 2 when the flags are wrong.
func Run(name string, report func(args []string, stderr io.Writer) ([]byte, error), args []string, stdout, stderr io.Writer) int {
	text, err := report(args, stderr)
	if len(text) > 0 {
		if _, werr := stdout.Write(text); werr != nil {
			err = errors.Join(err, werr)
		}
	}
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case is[told](err):
		return 2
	}
	_, _ = fmt.Fprintf(stderr, "%s: %v\n", name, err) // that this fails is not worth another error
	if is[UsageError](err) {
		return 2
	}
	return 1
}

func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}
