package crm_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

func TestReadLists(t *testing.T) {
	reps, err := crm.ReadReps(strings.NewReader("Manager;Name\nCai;Ada\n\n;Bo\n"), "r", crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantReps := crm.List[crm.Rep]{
		Counts: crm.Counts{Read: 2, Used: 2},
		Rows:   []crm.Rep{{Name: "Ada", Manager: "Cai", File: "r", Line: 2}, {Name: "Bo", File: "r", Line: 4}},
	}
	if d := diff(wantReps, reps); d != "" {
		t.Errorf("reps (-want +got):\n%s", d)
	}

	splits, err := crm.ReadSplits(strings.NewReader("Opportunity ID\tRep\tShare\nO\tAda\t33.4 %\nO\tBo\t0.666\n"), "s", crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantSplits := []crm.Split{{Opportunity: "O", Rep: "Ada", Share: num("0.334"), File: "s", Line: 2}, {Opportunity: "O", Rep: "Bo", Share: num("0.666"), File: "s", Line: 3}}
	if d := diff(wantSplits, splits.Rows); d != "" {
		t.Errorf("splits (-want +got):\n%s", d)
	}

	events, err := crm.ReadEvents(strings.NewReader("amount;date;kind;opportunity;id\n1.234;1.2.2026;CANCEL;O;E\n1,234;2026-02-01;refund;O;F\n"), "e", crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantEvents := []crm.Event{
		{ID: "E", Opportunity: "O", Kind: crm.Cancel, Date: day(t, "2026-02-01"), Amount: num("1234"), File: "e", Line: 2},
		{ID: "F", Opportunity: "O", Kind: crm.Refund, Date: day(t, "2026-02-01"), Amount: num("1.234"), File: "e", Line: 3},
	}
	if d := diff(wantEvents, events.Rows); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
}

func TestReadQuotas(t *testing.T) {
	text := "\ufeffrep,period,amount\nAda,FY2017-Q3,\"1,234\"\nBo,FY2017-Q3,much\n,FY2017-Q3,1\nCy,,-1\n"
	q, err := crm.ReadQuotas(strings.NewReader(text), "q", crm.Options{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	want := crm.List[crm.Quota]{
		Counts: crm.Counts{Read: 4, Used: 1, Skipped: 3},
		Rows:   []crm.Quota{{Rep: "Ada", Period: "FY2017-Q3", Amount: num("1234"), File: "q", Line: 2}},
		Problems: []crm.Problem{
			{File: "q", Line: 3, Column: "amount", Value: "much", Msg: "not a number: write digits with at most one decimal sign, such as 1234.50"},
			{File: "q", Line: 4, Column: "rep", Msg: "empty: fill it in"},
			{File: "q", Line: 5, Column: "period", Msg: "empty: fill it in"},
			{File: "q", Line: 5, Column: "amount", Value: "-1", Msg: "negative: write it without sign"},
		},
	}
	if d := diff(want, q); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	_, err = crm.ReadQuotas(strings.NewReader(text), "q", crm.Options{})
	var bad *crm.ProblemsError
	if !errors.As(err, &bad) || bad.Counts != want.Counts {
		t.Errorf("strict: got %v, want the same counts", err)
	}
	if _, err := crm.ReadQuotas(strings.NewReader("rep,amount\n"), "q", crm.Options{}); !errors.Is(err, crm.ErrFormat) || !strings.Contains(err.Error(), "add the columns period") {
		t.Errorf("got %v, want the missing column", err)
	}
	if _, err := crm.ReadQuotas(strings.NewReader(""), "q", crm.Options{}); !errors.Is(err, crm.ErrFormat) {
		t.Errorf("got %v, want %v", err, crm.ErrFormat)
	}
}

func TestReadSnapshotsAndCalls(t *testing.T) {
	const text = "as_of,opportunity,stage,amount,close\n2026-01-01,O,Proposal,10.50,2026-03-31\n2026-02-01,O,Proposal,9,2026-04-30\n" +
		"2026-02-01,O,Proposal,8,2026-04-30\n,P,x,1,2026-04-30\n2026-01-01,P,x,1,\n"
	states, err := crm.ReadSnapshots(strings.NewReader(text), "s", crm.Options{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	want := crm.List[crm.State]{
		Counts: crm.Counts{Read: 5, Used: 2, Skipped: 3},
		Rows: []crm.State{
			{AsOf: day(t, "2026-01-01"), Opportunity: "O", Stage: "Proposal", Amount: num("10.50"), Close: day(t, "2026-03-31"), File: "s", Line: 2},
			{AsOf: day(t, "2026-02-01"), Opportunity: "O", Stage: "Proposal", Amount: num("9"), Close: day(t, "2026-04-30"), File: "s", Line: 3},
		},
		Problems: []crm.Problem{
			{File: "s", Line: 4, Column: "opportunity", Value: "O", Msg: "the same as line 3: keep one of them"},
			{File: "s", Line: 5, Column: "as_of", Msg: "empty: fill it in"},
			{File: "s", Line: 6, Column: "close", Msg: "empty: fill it in"},
		},
	}
	if d := diff(want, states); d != "" {
		t.Errorf("snapshots (-want +got):\n%s", d)
	}

	calls, err := crm.ReadCalls(strings.NewReader("rep,period,as_of,amount\nAda,FY2026-Q1,2026-01-01,5\nAda,FY2026-Q1,2026-01-01,6\nAda,FY2026-Q1,2026-01-08,-6\n"), "c", crm.Options{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	wantCalls := crm.List[crm.Call]{
		Counts: crm.Counts{Read: 3, Used: 1, Skipped: 2},
		Rows:   []crm.Call{{Rep: "Ada", Period: "FY2026-Q1", AsOf: day(t, "2026-01-01"), Amount: num("5"), File: "c", Line: 2}},
		Problems: []crm.Problem{
			{File: "c", Line: 3, Column: "as_of", Value: "2026-01-01", Msg: "the same as line 2: keep one of them"},
			{File: "c", Line: 4, Column: "amount", Value: "-6", Msg: "negative: write it without sign"},
		},
	}
	if d := diff(wantCalls, calls); d != "" {
		t.Errorf("calls (-want +got):\n%s", d)
	}
}

// Signs that contradict each other make a row bad instead of a guess.
func TestStatusContradictions(t *testing.T) {
	const api = "Id,OwnerId,StageName,CloseDate,Amount,IsWon\n"
	const hub = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Is Closed Won,Is closed lost\n"
	const pipe = "ID,Title,Value,Owner,Status,Won time\n"
	for name, tt := range map[string]struct{ in, column, msg string }{
		"won and lost":      {hub + "1,D,Negotiation,2026-01-01,1,A,true,true\n", "Is Closed Won", "both won and lost"},
		"flag and stage":    {api + "1,A,Closed Lost,2026-01-01,1,true\n", "StageName", "the stage says lost"},
		"stage and no flag": {api + "1,A,Closed Won,2026-01-01,1,false\n", "StageName", "the stage says won"},
		"no flag":           {api + "1,A,Closed Won,2026-01-01,1,perhaps\n", "IsWon", "true or false"},
		"deleted":           {pipe + "1,T,5,A,Deleted,2026-01-01\n", "Status", "deleted and archived"},
		"won, no day":       {pipe + "1,T,5,A,Won,\n", "Won time", "without a closing day"},
		"lost, no day":      {pipe + "1,T,5,A,Lost,2026-01-01\n", "", "without a closing day"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := crm.Read(strings.NewReader(tt.in), "f.csv", crm.Options{SkipBad: true})
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, e, 1)
			if len(e.Problems) != 1 || e.Problems[0].Column != tt.column || !strings.Contains(e.Problems[0].Msg, tt.msg) {
				t.Errorf("got %v, want %q at %q", e.Problems, tt.msg, tt.column)
			}
		})
	}
}

func TestNames(t *testing.T) {
	if got := []string{crm.Open.String(), crm.Won.String(), crm.Lost.String(), crm.HubSpot.String(), crm.System(99).String()}; diff([]string{"open", "won", "lost", "HubSpot", "unknown"}, got) != "" {
		t.Error(got)
	}
}
