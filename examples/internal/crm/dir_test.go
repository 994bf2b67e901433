package crm_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/salesops-go/salesops/internal/testenv"
)

func TestReadDir(t *testing.T) {
	c, err := crm.ReadDir(os.DirFS("testdata/folder"), crm.Options{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	const o, r, s, e, q = "opportunities.csv", "reps.csv", "splits.csv", "events.csv", "quotas.csv"
	counts := func(n int) crm.Counts { return crm.Counts{Read: n, Used: n} }
	want := crm.Company{
		Counts: counts(14),
		Opportunities: []crm.Opportunity{
			{ID: "O-1", Name: "One", Owner: "Ada Moyo", Stage: "Closed Won", Status: crm.Won, Closed: day(t, "2026-01-10"), Amount: num("1000"), Currency: "EUR", File: o, Line: 2},
			{ID: "O-2", Name: "Two", Owner: "Ada Moyo", Stage: "Closed Won", Status: crm.Won, Closed: day(t, "2026-01-20"), Amount: num("2000"), Currency: "EUR", File: o, Line: 3},
			{ID: "O-3", Name: "Three", Owner: "Bo Larsen", Stage: "Prospecting", Closed: day(t, "2026-04-01"), Amount: num("500"), Currency: "EUR", File: o, Line: 4},
		},
		Reps: []crm.Rep{
			{Name: "Ada Moyo", Manager: "Cai Reyes", Region: "EMEA", End: day(t, "2026-07-01"), File: r, Line: 2},
			{Name: "Ada Moyo", Manager: "Dee Novak", Region: "EMEA", Start: day(t, "2026-07-01"), File: r, Line: 3},
			{Name: "Bo Larsen", Manager: "Cai Reyes", Region: "EMEA", Start: day(t, "2026-02-16"), File: r, Line: 4},
		},
		Splits: []crm.Split{
			{Opportunity: "O-1", Rep: "Ada Moyo", Share: num("0.6"), File: s, Line: 2},
			{Opportunity: "O-1", Rep: "Bo Larsen", Share: num("0.4"), File: s, Line: 3},
			{Opportunity: "O-2", Rep: "Bo Larsen", Share: num("1"), Overlay: true, File: s, Line: 4},
		},
		Events: []crm.Event{
			{ID: "E-1", Opportunity: "O-1", Kind: crm.Invoice, Date: day(t, "2026-01-31"), Amount: num("1000"), File: e, Line: 2},
			{ID: "E-2", Opportunity: "O-1", Kind: crm.Payment, Date: day(t, "2026-03-02"), Amount: num("400.25"), File: e, Line: 3},
			{ID: "E-3", Opportunity: "O-2", Kind: crm.Refund, Date: day(t, "2026-03-15"), Amount: num("1000"), File: e, Line: 4},
		},
		Quotas: []crm.Quota{
			{Rep: "Ada Moyo", Period: "FY2026-Q1", Measure: "bookings", Amount: num("150000"), File: q, Line: 2},
			{Rep: "Bo Larsen", Period: "FY2026-Q1", Measure: "bookings", Amount: num("75000.5"), File: q, Line: 3},
		},
		Files: []crm.File{
			{Name: "dictionary.csv"},
			{Name: e, Kind: "events", Counts: counts(3)},
			{Name: o, Kind: "Salesforce report opportunities", Counts: counts(3)},
			{Name: q, Kind: "quotas", Counts: counts(2)},
			{Name: r, Kind: "reps", Counts: counts(3)},
			{Name: s, Kind: "splits", Counts: counts(3)},
		},
		Notes: []string{`dictionary.csv: not recognised by its header and not read: "table", "field"`},
	}
	if d := diff(want, c); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// folder returns the files of testdata/folder, some of them replaced.
func folder(t *testing.T, replace map[string]string) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	for _, name := range []string{"opportunities.csv", "reps.csv", "splits.csv", "events.csv", "quotas.csv"} {
		text, err := os.ReadFile("testdata/folder/" + name)
		if err != nil {
			t.Fatal(err)
		}
		m[name] = &fstest.MapFile{Data: text}
	}
	for name, text := range replace {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestReadDirProblems(t *testing.T) {
	tests := map[string]struct {
		file, text string
		want       []crm.Problem // message: a part of it
		skipped    int
	}{
		"event of a stranger":  {"events.csv", "id,opportunity,kind,date,amount\nE,O-9,refund,2026-01-01,1\n", []crm.Problem{{Line: 2, Column: "opportunity", Value: "O-9", Msg: "no opportunity"}}, 1},
		"kind":                 {"events.csv", "id,opportunity,kind,date,amount\nE,O-1,gift,2026-01-01,1\n", []crm.Problem{{Line: 2, Column: "kind", Value: "gift", Msg: "refund, cancel"}}, 1},
		"event fields":         {"events.csv", "id,opportunity,kind,date,amount\n,O-1,refund,,-1\n", []crm.Problem{{Line: 2, Column: "id", Msg: "empty"}, {Line: 2, Column: "date", Msg: "empty"}, {Line: 2, Column: "amount", Value: "-1", Msg: "negative"}}, 1},
		"event twice":          {"events.csv", "id,opportunity,kind,date,amount\nE,O-1,refund,2026-01-01,1\nE,O-1,refund,2026-01-01,1\n", []crm.Problem{{Line: 3, Column: "id", Value: "E", Msg: "same as line 2"}}, 1},
		"open date":            {"events.csv", "id,opportunity,kind,date,amount\nE,O-1,refund,1/2/2026,1\n", []crm.Problem{{Line: 2, Column: "date", Value: "1/2/2026", Msg: "YYYY-MM-DD"}}, 1},
		"split of a stranger":  {"splits.csv", "opportunity,rep,share\nO-9,Ada Moyo,1\n", []crm.Problem{{Line: 2, Column: "opportunity", Value: "O-9", Msg: "no opportunity"}}, 1},
		"shares below 1":       {"splits.csv", "opportunity,rep,share\nO-1,Ada Moyo,0.6\nO-1,Bo Larsen,0.3999\nO-2,Ada Moyo,1\n", []crm.Problem{{Line: 2, Column: "share", Value: "0.6", Msg: "sum to 0.9999"}, {Line: 3, Column: "share", Value: "0.3999", Msg: "sum to 0.9999"}}, 2},
		"split with a nobody":  {"splits.csv", "opportunity,rep,share\nO-1,Ada Moyo,0.6\nO-1,Cy,0.4\n", []crm.Problem{{Line: 2, Column: "share", Value: "0.6", Msg: "sum to 0.6"}, {Line: 3, Column: "rep", Value: "Cy", Msg: "not in the list of reps"}}, 2},
		"share out of range":   {"splits.csv", "opportunity,rep,share\nO-1,Ada Moyo,60\n", []crm.Problem{{Line: 2, Column: "share", Value: "60", Msg: "0.6 or 60%"}}, 1},
		"overlay":              {"splits.csv", "opportunity,rep,share,overlay\nO-1,Ada Moyo,1,maybe\n", []crm.Problem{{Line: 2, Column: "overlay", Value: "maybe", Msg: "true or false"}}, 1},
		"quota of a nobody":    {"quotas.csv", "rep,period,amount\nCy,FY2026-Q1,1\n", []crm.Problem{{Line: 2, Column: "rep", Value: "Cy", Msg: "not in the list of reps"}}, 1},
		"move of no deal":      {"history.csv", "opportunity,stage,at\nO-1,Proposal,2026-01-01\nO-9,Proposal,2026-01-01\n", []crm.Problem{{Line: 3, Column: "opportunity", Value: "O-9", Msg: "no opportunity with this ID"}}, 1},
		"call of a nobody":     {"calls.csv", "rep,period,as_of,amount\nCai Reyes,FY2026-Q1,2026-01-01,1\nCy,FY2026-Q1,2026-01-01,1\n", []crm.Problem{{Line: 3, Column: "rep", Value: "Cy", Msg: "not in the list of reps"}}, 1},
		"snapshot of no deal":  {"snapshots.csv", "as_of,opportunity,stage,amount,close\n2026-01-01,O-9,x,1,2026-01-02\n", []crm.Problem{{Line: 2, Column: "opportunity", Value: "O-9", Msg: "no opportunity with this ID"}}, 1},
		"quota twice":          {"quotas.csv", "rep,period,amount\nBo Larsen,FY2026-Q1,1\nBo Larsen,FY2026-Q2,1\nBo Larsen,FY2026-Q1,2\n", []crm.Problem{{Line: 4, Column: "rep", Value: "Bo Larsen", Msg: "same as line 2"}}, 1},
		"rep's span":           {"reps.csv", "name,manager,start,end\nAda Moyo,C,2026-01-01,2026-01-01\nAda Moyo,C,,\nBo Larsen,C,,\n", []crm.Problem{{Line: 2, Column: "end", Value: "2026-01-01", Msg: "not after start"}}, 1},
		"rep twice at a time":  {"reps.csv", "name,manager,start,end\nAda Moyo,C,2026-01-01,2026-07-01\nAda Moyo,D,2026-06-30,\nBo Larsen,C,,\nAda Moyo,E,2026-07-01,\n", []crm.Problem{{Line: 3, Column: "name", Value: "Ada Moyo", Msg: "overlaps that of line 2"}}, 1},
		"opportunity in two":   {"opportunities-2.csv", "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount\nO-2,Ada Moyo,Closed Won,2026-01-10,1\n", []crm.Problem{{File: "opportunities.csv", Line: 3, Column: "Opportunity ID", Value: "O-2", Msg: "also in opportunities-2.csv, line 2"}}, 1},
		"list with wrong rows": {"quotas.csv", "rep,period,amount\nBo Larsen,FY2026-Q1\n", []crm.Problem{{Line: 2, Msg: "2 cells where the header has 3"}}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			fsys := folder(t, map[string]string{tt.file: tt.text})
			_, err := crm.ReadDir(fsys, crm.Options{})
			var bad *crm.ProblemsError
			if !errors.As(err, &bad) || bad.Skipped != tt.skipped || len(bad.Problems) != len(tt.want) {
				t.Fatalf("strict: got %v, want %d bad rows and %d problems", err, tt.skipped, len(tt.want))
			}
			for i, w := range tt.want {
				got := bad.Problems[i]
				if !strings.Contains(got.Msg, w.Msg) {
					t.Errorf("message %q lacks %q", got.Msg, w.Msg)
				}
				if w.Msg = got.Msg; w.File == "" {
					w.File = tt.file
				}
				if got != w {
					t.Errorf("got %+v, want %+v", got, w)
				}
			}
			c, err := crm.ReadDir(fsys, crm.Options{SkipBad: true})
			if err != nil {
				t.Fatal(err)
			}
			rows := len(c.Opportunities) + len(c.Reps) + len(c.Splits) + len(c.Events) + len(c.Quotas) + len(c.Snapshots) + len(c.Calls) + len(c.History)
			if c.Counts != bad.Counts || c.Read != c.Used+c.Skipped || c.Used != rows {
				t.Errorf("lenient counts %+v with %d rows, strict %+v", c.Counts, rows, bad.Counts)
			}
			if d := diff(bad.Problems, c.Problems); d != "" {
				t.Errorf("problems of strict and lenient reading differ:\n%s", d)
			}
		})
	}
}

func TestReadDirErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		fsys  fs.FS
		is    error
		wants []string
	}{
		"no folder":     {os.DirFS("testdata/nowhere"), fs.ErrNotExist, nil},
		"no files":      {fstest.MapFS{"readme.txt": {}}, crm.ErrFormat, []string{"no .csv file"}},
		"no export":     {fstest.MapFS{"a.csv": {Data: []byte("x,y\n")}}, crm.ErrFormat, []string{`"a.csv"`}},
		"two bad files": {folder(t, map[string]string{"quotas.csv": "rep,period\n", "splits.csv": "share,x\n"}), crm.ErrFormat, []string{"quotas.csv: add the columns amount", "splits.csv: add the columns opportunity, rep"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crm.ReadDir(tt.fsys, crm.Options{SkipBad: true})
			if !errors.Is(err, tt.is) {
				t.Fatalf("got %v, want %v", err, tt.is)
			}
			for _, w := range tt.wants {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
		})
	}
}

func TestOwnersWithoutRep(t *testing.T) {
	c, err := crm.ReadDir(folder(t, map[string]string{"reps.csv": "name,manager\nBo Larsen,C\n", "splits.csv": "opportunity,rep,share\n", "quotas.csv": "rep,period,amount\n"}), crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], `not in the list of reps: "Ada Moyo"`) {
		t.Errorf("notes %q, want the owner who is no rep", c.Notes)
	}
}

// TestMaven reads the real data set and compares with a recomputation that
// shares no code with the package.
func TestMaven(t *testing.T) {
	dir := testenv.Data(t, "crm/maven")
	c, err := crm.ReadDir(os.DirFS(dir), crm.Options{Currency: "USD"})
	if err != nil {
		t.Fatal(err)
	}
	stages := map[string]int{}
	quarters := map[string]*big.Int{}
	noAccount, gtxPro, regions := 0, 0, map[string]int{}
	for _, o := range c.Opportunities {
		stages[o.Stage]++
		if o.Account == "" {
			noAccount++
		}
		if o.Product == "GTX Pro" {
			gtxPro++
		}
		regions[o.Tags["region"]]++
		if (o.Status == crm.Won) != (o.Stage == "Won") || (o.Status == crm.Lost) != (o.Stage == "Lost") {
			t.Errorf("%s: stage %q is %v", o.ID, o.Stage, o.Status)
		}
		if o.Status != crm.Won {
			continue
		}
		y, m, _ := o.Closed.Civil()
		quarter := string(rune('0'+y%10)) + "Q" + string(rune('1'+(int(m)-1)/3))
		if quarters[quarter] == nil {
			quarters[quarter] = new(big.Int)
		}
		if !o.Amount.IsInteger() {
			t.Fatalf("%s: %s is no whole amount", o.ID, o.Amount)
		}
		quarters[quarter].Add(quarters[quarter], o.Amount.BigInt())
	}

	f, err := os.Open(filepath.Join(dir, "sales_pipeline.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	wantStages := map[string]int{}
	wantQuarters := map[string]*big.Int{}
	wantNoAccount, wantGTXPro := 0, 0
	for _, r := range rows[1:] {
		wantStages[r[4]]++
		if r[3] == "" {
			wantNoAccount++
		}
		if r[2] == "GTXPro" || r[2] == "GTX Pro" {
			wantGTXPro++
		}
		if r[4] != "Won" {
			continue
		}
		v, ok := new(big.Int).SetString(r[7], 10)
		if !ok {
			t.Fatal(r)
		}
		quarter := r[6][3:4] + "Q" + map[string]string{"01": "1", "02": "1", "03": "1", "04": "2", "05": "2", "06": "2", "07": "3", "08": "3", "09": "3", "10": "4", "11": "4", "12": "4"}[r[6][5:7]]
		if wantQuarters[quarter] == nil {
			wantQuarters[quarter] = new(big.Int)
		}
		wantQuarters[quarter].Add(wantQuarters[quarter], v)
	}

	if len(c.Opportunities) != 8800 || len(c.Reps) != 35 {
		t.Errorf("%d opportunities and %d reps, want 8800 and 35", len(c.Opportunities), len(c.Reps))
	}
	if d := diff(wantStages, stages); d != "" {
		t.Errorf("stages (-want +got):\n%s", d)
	}
	if d := diff(map[string]int{"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}, stages); d != "" {
		t.Errorf("stages as published (-want +got):\n%s", d)
	}
	text := func(m map[string]*big.Int) map[string]string {
		s := map[string]string{}
		for k, v := range m {
			s[k] = v.String()
		}
		return s
	}
	if d := diff(text(wantQuarters), text(quarters)); d != "" {
		t.Errorf("won value by quarter (-want +got):\n%s", d)
	}
	if noAccount != wantNoAccount || noAccount != 1425 || gtxPro != wantGTXPro || gtxPro == 0 {
		t.Errorf("%d without account and %d GTX Pro, want %d and %d", noAccount, gtxPro, wantNoAccount, wantGTXPro)
	}
	if len(regions) != 3 || regions[""] != 0 {
		t.Errorf("regions %v, want three and none empty", regions)
	}
	for _, n := range c.Notes {
		t.Log(n)
	}
	t.Log(c.Counts, text(quarters), regions)
}
