package page_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/page"
	"github.com/salesops-go/salesops/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestTable(t *testing.T) {
	tab := page.NewTable(1, "Rep", "Won\nlast year", "Nothing", "Quota")
	tab.Heading("A heading that is longer than the column")
	tab.Add("Ana", "12", page.None, "100")
	tab.Rule()
	tab.Add("Both", "3", "")
	var w bytes.Buffer
	tab.Print(&w)
	want := `              Won
  Rep   last year  Quota
  ----------------------
  A heading that is longer than the column
  Ana          12    100
  ----------------------
  Both          3
`
	if diff := cmp.Diff(want, w.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The header of a column that is left out takes no line.
func TestTable_header(t *testing.T) {
	tab := page.NewTable(1, "Rep", "Won\nlast year", "Quota")
	tab.Add("Ana", page.None, "100")
	var w bytes.Buffer
	tab.Print(&w)
	want := "  Rep  Quota\n  ----------\n  Ana    100\n"
	if diff := cmp.Diff(want, w.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNumbers(t *testing.T) {
	d := decimal.RequireFromString
	for _, c := range []struct{ got, want string }{
		{page.Amount(d("-1234567.5")), "-1,234,567.50"},
		{page.Amount(d("0.1234")), "0.1234"},
		{page.Amount(d("0.1200")), "0.12"},
		{page.Money(d("0")), page.None},
		{page.Whole(d("1000")), "1,000"},
		{page.Trim(d("0")), "0"},
		{page.Number(0), page.None},
		{page.Things(1, "deal") + ", " + page.Things(2000, "deal"), "1 deal, 2,000 deals"},
		{page.Count(0), "0"},
		{page.Count(1000000), "1,000,000"},
		{page.Percent(d("1"), d("3")), "33.3%"},
		{page.Percent(d("1"), d("0")), page.None},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestBar(t *testing.T) {
	for share, want := range map[float64]string{0: "", 1e-9: "▏", 0.5: "██", 0.55: "██▎", 1: "████", 2: "████", -1: ""} {
		if got := page.Bar(share, 4); got != want {
			t.Errorf("Bar(%v, 4) = %q, want %q", share, got, want)
		}
	}
}
