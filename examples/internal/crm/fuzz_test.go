package crm_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

// FuzzRead proves on any bytes: no panic, Read = Used + Skipped, what is used is
// complete and unique, strict and lenient reading agree, and reading twice
// gives the same.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(sf(",", [3]string{"1/2/2026", "31/1/2026", "1,234"}, [3]string{"x", "1/31/2026", "1.234"})))
	f.Add([]byte(sf(";", [3]string{"1.2.2026", "2026-02-30", "1.234,5"}, [3]string{"", "", "(1)"})))
	f.Add([]byte("sep=|\nId|Owner.Name|StageName|CloseDate|Amount|IsWon|IsClosed\n1|A|S|2026-01-01|1e5|1|1\n"))
	f.Add([]byte("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\nA,B,C,D,Won,2016-10-20,2017-03-01,1054\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		opt := crm.Options{SkipBad: true, MaxRecord: 4096, MaxRows: 1000}
		e, err := crm.Read(bytes.NewReader(text), "f", opt)
		if e.Read != e.Used+e.Skipped || e.Used != len(e.Opportunities) || (e.Skipped > 0) != (len(e.Problems) > 0) {
			t.Fatalf("counts %+v, %d opportunities, %d problems", e.Counts, len(e.Opportunities), len(e.Problems))
		}
		if err != nil {
			if d := diff(crm.Export{}, e); d != "" {
				t.Fatalf("not the zero result with error %v:\n%s", err, d)
			}
			return
		}
		ids := map[string]bool{}
		last := 0
		for _, o := range e.Opportunities {
			if o.ID == "" || o.Owner == "" || ids[o.ID] || o.Line <= last || o.Status != crm.Open && o.Closed.IsZero() {
				t.Fatalf("opportunity %+v", o)
			}
			if exp, n := o.Amount.Exponent(), o.Amount.NumDigits(); exp < -18 || exp > 18 || n > 36 {
				t.Fatalf("amount with exponent %d and %d digits", exp, n)
			}
			ids[o.ID], last = true, o.Line
		}
		again, err := crm.Read(bytes.NewReader(text), "f", opt)
		if d := diff(e, again); d != "" || err != nil {
			t.Fatalf("read again: %v\n%s", err, d)
		}
		opt.SkipBad = false
		_, err = crm.Read(bytes.NewReader(text), "f", opt)
		var bad *crm.ProblemsError
		if e.Skipped == 0 && err != nil || e.Skipped > 0 && (!errors.As(err, &bad) || bad.Counts != e.Counts || bad.Error() == "") {
			t.Fatalf("strict %v, lenient %+v", err, e.Counts)
		}
	})
}
