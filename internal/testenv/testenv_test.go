package testenv_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestMain_setsGlobalsOnlyWhenHostile(t *testing.T) {
	hostile := os.Getenv("HOSTILE_GLOBALS") != ""
	third := decimal.New(1, 0).Div(decimal.New(3, 0)) // reads DivisionPrecision
	want := "0.3333333333333333"
	if hostile {
		want = "0.3"
	}
	if got := third.StringFixed(-third.Exponent()); got != want {
		t.Errorf("1/3 = %s, want %s (hostile: %t)", got, want, hostile)
	}
	if got := decimal.MarshalJSONWithoutQuotes; got != hostile {
		t.Errorf("MarshalJSONWithoutQuotes = %t, want %t", got, hostile)
	}
}

// The test binary runs itself once more, so that the check at the end of Main is
// seen to fail.
func TestMain_failsWhenAGlobalChanges(t *testing.T) {
	if os.Getenv("TESTENV_CHANGE") != "" {
		decimal.DivisionPrecision++
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip("the test runs its own binary, which cannot be found here: ", err)
	}
	cmd := exec.Command(exe, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "TESTENV_CHANGE=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "globals of package decimal were changed") {
		t.Errorf("a changed global went unnoticed: %v\n%s", err, out)
	}
}

func TestData(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "deals.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SALESOPS_DATA", dir)
	if got, want := testenv.Data(t, "deals.csv"), filepath.Join(dir, "deals.csv"); got != want {
		t.Errorf("Data = %q, want %q", got, want)
	}

	t.Setenv("SALESOPS_DATA", "")
	skipped := t.Run("skips", func(t *testing.T) {
		defer func() {
			if !t.Skipped() {
				t.Error("Data did not skip without SALESOPS_DATA")
			}
		}()
		testenv.Data(t, "deals.csv")
	})
	if !skipped {
		t.Error("Data failed instead of skipping")
	}
}
