// Package testenv is what the tests of this module share: a [Main] that can
// make the decimal package's globals hostile, and [Data], which finds data
// that may not be redistributed.
//
// Only tests import it.
package testenv

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// globals is a snapshot of the variables by which a program that embeds the
// library changes what package decimal computes, prints and decodes.
type globals struct {
	divisionPrecision, powPrecision, maxDecodeExponent, expMaxIterations int
	unquoted, trim, scientific                                           bool
}

// hostile holds the values that break the most: one place after division,
// numbers where JSON has strings, digits that String usually hides or spells out.
// The two bounds keep their defaults.
func hostile() globals {
	g := current()
	g.divisionPrecision, g.powPrecision = 1, 1
	g.unquoted, g.trim, g.scientific = true, false, true
	return g
}

// Main is the body of a TestMain. Every package of this module that uses package
// decimal has one, in a file of its external test package:
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
//
// When the environment variable HOSTILE_GLOBALS is not empty, Main first sets
// the globals of package decimal to hostile values: the tests and examples must
// give the same results. In either mode the run fails if a global has changed
// when the tests are over. Main does not return: it ends the process.
func Main(m *testing.M) {
	if os.Getenv("HOSTILE_GLOBALS") != "" {
		hostile().set()
	}
	before := current()
	code := m.Run()
	if after := current(); after != before {
		_, _ = os.Stderr.WriteString("FAIL: the globals of package decimal were changed during the tests\n")
		code = 1
	}
	os.Exit(code)
}

// Data returns the path of a file or folder in the data folder, which the
// environment variable SALESOPS_DATA names. The name is relative to it and
// uses slashes, as in "crm/deals.csv". Data skips the test, saying why, when
// SALESOPS_DATA is not set, and fails it when the folder lacks the name.
func Data(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("SALESOPS_DATA")
	if root == "" {
		t.Skipf("SALESOPS_DATA is not set: the test needs %s, which may not be redistributed (see CONTRIBUTING.md)", name)
	}
	path := filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(name, "/")))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("SALESOPS_DATA lacks %s: %v", name, err)
	}
	return path
}

func current() globals {
	return globals{
		divisionPrecision: decimal.DivisionPrecision,
		powPrecision:      decimal.PowPrecisionNegativeExponent,
		maxDecodeExponent: decimal.MaxDecodeExponent,
		expMaxIterations:  decimal.ExpMaxIterations,
		unquoted:          decimal.MarshalJSONWithoutQuotes,
		trim:              decimal.TrimTrailingZeros,
		scientific:        decimal.UseScientificNotation,
	}
}

func (g globals) set() {
	decimal.DivisionPrecision = g.divisionPrecision
	decimal.PowPrecisionNegativeExponent = g.powPrecision
	decimal.MaxDecodeExponent = g.maxDecodeExponent
	decimal.ExpMaxIterations = g.expMaxIterations
	decimal.MarshalJSONWithoutQuotes = g.unquoted
	decimal.TrimTrailingZeros = g.trim
	decimal.UseScientificNotation = g.scientific
}

// CSV returns the rows of a table in the data folder (see [Data]), each as a map from the names in its first line.
func CSV(t testing.TB, name string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(Data(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
