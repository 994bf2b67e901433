package crm_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

func TestReadHistory(t *testing.T) {
	const text = "opportunity,stage,at,by\nO,Proposal,2026-01-31T09:30:00+01:00,Ada\nO,Won,2026-02-01 10:15,\nO,Won,2026-02-01,\n" +
		"O,Won,1/2/2026,\nO,,2026-02-01,\n,Won,2026-02-01,\nO,Won,,\n"
	moves, err := crm.ReadHistory(strings.NewReader(text), "h", crm.LogColumns{}, crm.Options{SkipBad: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range moves.Rows {
		moves.Rows[i].At = moves.Rows[i].At.UTC()
	}
	want := crm.List[crm.Move]{
		Counts: crm.Counts{Read: 7, Used: 3, Skipped: 4},
		Rows: []crm.Move{
			{Case: "O", Activity: "Proposal", At: time.Date(2026, 1, 31, 8, 30, 0, 0, time.UTC), By: "Ada", File: "h", Line: 2},
			{Case: "O", Activity: "Won", At: time.Date(2026, 2, 1, 10, 15, 0, 0, time.UTC), File: "h", Line: 3},
			{Case: "O", Activity: "Won", At: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), File: "h", Line: 4},
		},
		Problems: []crm.Problem{
			{File: "h", Line: 5, Column: "at", Value: "1/2/2026", Msg: "not a time: write 2026-01-31T09:30:00Z, or 2026-01-31 09:30 for UTC"},
			{File: "h", Line: 6, Column: "stage", Msg: "empty: fill it in"},
			{File: "h", Line: 7, Column: "opportunity", Msg: "empty: fill it in"},
			{File: "h", Line: 8, Column: "at", Msg: "empty: fill it in"},
		},
	}
	if d := diff(want, moves); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
}

// Logs of process-mining tools are read as they are, and columns may be named.
func TestReadHistory_logs(t *testing.T) {
	want := time.Date(2014, 10, 22, 11, 15, 41, 250_000_000, time.UTC)
	for name, tt := range map[string]struct {
		text    string
		columns crm.LogColumns
	}{
		"semicolons":   {"Case ID;Activity;Complete Timestamp\nA;Triage;2014/10/22 11:15:41.250\n", crm.LogColumns{}},
		"event stream": {"org:resource,case:concept:name,concept:name,time:timestamp\n,A,Triage,2014-10-22 13:15:41.250000+02:00\n", crm.LogColumns{}},
		"plain":        {"case,seq,activity,timestamp\nA,0,Triage,2014-10-22T13:15:41.250+02:00\n", crm.LogColumns{}},
		"named":        {"case,activity,time,Patient,Step,When\nx,y,z,A,Triage,2014-10-22T11:15:41.25\n", crm.LogColumns{Case: "patient", Activity: "STEP", Time: "when"}},
	} {
		l, err := crm.ReadHistory(strings.NewReader(tt.text), "f", tt.columns, crm.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m := l.Rows[0]; m.Case != "A" || m.Activity != "Triage" || !m.At.Equal(want) {
			t.Errorf("%s: got %+v, want Triage of A at %v", name, m, want)
		}
	}
	_, err := crm.ReadHistory(strings.NewReader("case,activity,time\n"), "f", crm.LogColumns{By: "who"}, crm.Options{})
	if !errors.Is(err, crm.ErrFormat) || !strings.Contains(err.Error(), `no column "who"; found`) {
		t.Errorf("a column that is not there: %v, want ErrFormat that names it", err)
	}
}
