package command_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/command"
	"github.com/salesops-go/salesops/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestRun(t *testing.T) {
	report := func(args []string, stderr io.Writer) ([]byte, error) {
		f := command.NewFlags("greet", "Who is greeted?", stderr)
		name := f.String("name", "", "`who`")
		if err := f.Parse(args, "say -name"); err != nil {
			return nil, err
		}
		switch *name {
		case "":
			return nil, command.UsageError{Err: errors.New("-name is empty")}
		case "Bo":
			return []byte("hello?\n"), errors.New("Bo is away")
		case "Cy":
			return nil, errors.New("nobody is called Cy")
		}
		return []byte("hello " + *name + "\n"), nil
	}
	for _, c := range []struct {
		args           string
		status         int
		stdout, stderr string
	}{
		{"-name Ana", 0, "hello Ana\n", ""},
		{"-name Bo", 1, "hello?\n", "greet: Bo is away\n"},
		{"-name Cy", 1, "", "greet: nobody is called Cy\n"},
		{"", 2, "", "greet: -name is empty\n"},
		{"Ana", 2, "", "greet: unexpected argument \"Ana\": say -name\n"},
		{"-nam Ana", 2, "", "flag provided but not defined: -nam\nWho is greeted?\n\nusage: greet [flags]\n  -name who\n    \twho\n"},
		{"-help", 0, "", "Who is greeted?\n\nusage: greet [flags]\n  -name who\n    \twho\n"},
	} {
		var stdout, stderr bytes.Buffer
		if got := command.Run("greet", report, strings.Fields(c.args), &stdout, &stderr); got != c.status {
			t.Errorf("%q: status %d, want %d", c.args, got, c.status)
		}
		if stdout.String() != c.stdout || stderr.String() != c.stderr {
			t.Errorf("%q: stdout %q, stderr %q, want %q and %q", c.args, &stdout, &stderr, c.stdout, c.stderr)
		}
	}
	var stderr bytes.Buffer
	if got := command.Run("greet", report, []string{"-name", "Ana"}, broken{}, &stderr); got != 1 || stderr.String() != "greet: pipe closed\n" {
		t.Errorf("stdout that cannot be written: status %d, stderr %q; want 1 and the reason", got, &stderr)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("pipe closed") }
