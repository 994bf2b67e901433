package crm_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/crm"
	"github.com/shopspring/decimal"
)

// sf is a Salesforce report of rows given as created, closed, amount.
func sf(delimiter string, rows ...[3]string) string {
	var b strings.Builder
	b.WriteString(strings.ReplaceAll("Opportunity ID,Opportunity Owner,Stage,Created Date,Close Date,Amount\n", ",", delimiter))
	for i, r := range rows {
		fmt.Fprintf(&b, "%d%sAnn%sClosed Won%s\"%s\"%s\"%s\"%s\"%s\"\n", i+1, delimiter, delimiter, delimiter, r[0], delimiter, r[1], delimiter, r[2])
	}
	return b.String()
}

func TestDateOrder(t *testing.T) {
	tests := map[string]struct {
		opt    crm.Options
		dates  []string // closing days
		want   []string // "" for a row that must be bad
		note   string
		reason string
	}{
		"month proved": {dates: []string{"1/2/2026", "1/31/2026"}, want: []string{"2026-01-02", "2026-01-31"}, reason: "31 can only be a day"},
		"day proved":   {dates: []string{"1/2/2026", "31/1/2026"}, want: []string{"2026-02-01", "2026-01-31"}, reason: "31 can only be a day, also later in the file"},
		"nothing proved": {
			dates: []string{"1/2/2026", "2/3/2026"}, want: []string{"2026-01-02", "2026-02-03"},
			note: "no date proves its order", reason: "Salesforce is American",
		},
		"told":          {opt: crm.Options{Dates: crm.DayFirst}, dates: []string{"1/2/2026"}, want: []string{"2026-02-01"}, reason: "the option decides"},
		"told wrong":    {opt: crm.Options{Dates: crm.DayFirst}, dates: []string{"1/2/2026", "1/31/2026"}, want: []string{"2026-02-01", ""}, reason: "the option is not second-guessed"},
		"contradictory": {dates: []string{"1/31/2026", "2/28/2026", "28/2/2026", "3/4/2026"}, want: []string{"2026-01-31", "2026-02-28", "", "2026-03-04"}, reason: "the majority reads month first"},
		"dashes":        {dates: []string{"31-12-2025", "01-02-2026"}, want: []string{"2025-12-31", "2026-02-01"}, reason: "dashes are as open as slashes"},
		"dots":          {dates: []string{"1.2.2026", "28.02.2026 14:05"}, want: []string{"2026-02-01", "2026-02-28"}, reason: "with dots the day comes first"},
		"iso":           {dates: []string{"2026-02-01", "2026/2/1", "20260201", "2026-02-01T23:59:59.000Z", "2026-02-01 00:00:00"}, want: []string{"2026-02-01", "2026-02-01", "2026-02-01", "2026-02-01", "2026-02-01"}, reason: "no time zone is applied"},
		"no dates":      {dates: []string{"soon", "2026-02-29", "2026-13-01", "1/2/26", "45000", "0206-01-01", "2026-01-01x", "1.2/2026", "13/13/2026", "Q1"}, want: make([]string, 10), reason: "none of these is a day"},
		"leap day":      {dates: []string{"2/29/2024", "29.2.2024", "2024-02-29"}, want: []string{"2024-02-29", "2024-02-29", "2024-02-29"}, reason: "2024 is a leap year"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var rows [][3]string
			for _, d := range tt.dates {
				rows = append(rows, [3]string{"2020-01-01", d, "1"})
			}
			tt.opt.SkipBad = true
			e, err := crm.Read(strings.NewReader(sf(",", rows...)), "f.csv", tt.opt)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(tt.dates))
			for _, o := range e.Opportunities {
				got[o.Line-2] = o.Closed.String()
			}
			if d := diff(tt.want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s\n%v", tt.reason, d, e.Problems)
			}
			if notes := strings.Join(e.Notes, "\n"); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("notes %q, want %q in them", notes, tt.note)
			}
			checkCounts(t, e, len(tt.dates))
		})
	}
}

func checkCounts(t *testing.T, e crm.Export, read int) {
	t.Helper()
	if e.Read != read || e.Read != e.Used+e.Skipped || e.Used != len(e.Opportunities) {
		t.Errorf("read %d, used %d, skipped %d with %d opportunities; want %d read", e.Read, e.Used, e.Skipped, len(e.Opportunities), read)
	}
	lines := map[int]bool{}
	for _, p := range e.Problems {
		lines[p.Line] = true
		if p.Line < 2 || p.File == "" || p.Msg == "" {
			t.Errorf("problem without place or message: %+v", p)
		}
	}
	if len(lines) > e.Skipped {
		t.Errorf("problems on %d lines, %d rows skipped", len(lines), e.Skipped)
	}
}

func TestAmounts(t *testing.T) {
	tests := map[string]struct {
		delimiter string
		in        []string
		want      []string // "" for a row that must be bad
		note      bool
	}{
		"plain":                   {",", []string{"0", "5", "1054.50", "-3.2", "007", ".5", "5."}, []string{"0", "5", "1054.5", "-3.2", "7", "0.5", "5"}, false},
		"groups":                  {",", []string{"1,234.50", "1,234,567", "12,34,567.00", "1 234 567.5", "1'234.5", "1\u202f234.5", "1\u00a0234.5"}, []string{"1234.5", "1234567", "1234567", "1234567.5", "1234.5", "1234.5", "1234.5"}, false},
		"signs":                   {",", []string{"$1,234.50", "-$5", "$-5", "($5.00)", "5-", "+5", "\u22125", "€ 7.5", "7.5 €", "USD 8.5", "8.5 USD", "R$ 3", "3 kr"}, []string{"1234.5", "-5", "-5", "-5", "-5", "5", "-5", "7.5", "7.5", "8.5", "8.5", "3", "3"}, false},
		"exponents":               {",", []string{"1.2E7", "1e-2", "1E18"}, []string{"12000000", "0.01", "1000000000000000000"}, false},
		"decimal comma":           {";", []string{"1.234,50", "1.234", "12,5"}, []string{"1234.5", "1234", "12.5"}, false},
		"point in semicolon file": {";", []string{"1234.50", "1.234", "1,234"}, []string{"1234.5", "1.234", "1234"}, false},
		"comma in comma file":     {",", []string{"1234,50", "1,234", "1.234"}, []string{"1234.5", "1.234", "1234"}, false},
		"unproved":                {",", []string{"1,234", "1.234", "77"}, []string{"1234", "1.234", "77"}, true},
		"unproved in semicolons":  {";", []string{"1,234", "1.234", "77"}, []string{"1.234", "1234", "77"}, true},
		"leading zero":            {",", []string{"0.125", "1,234"}, []string{"0.125", "1234"}, false},
		"both styles":             {",", []string{"1.50", "1,50", "1,234", "88"}, []string{"1.5", "1.5", "", "88"}, false},
		"bad":                     {",", []string{"", "n/a", "1,23,4", "1..2", "1,2.3,4", "12,34.5", "--", "$", "=1+2", "1e", "1e999", "1E19", "0x10", "1234567890123456789012345678901234567", "1.0000000000000000001", "٣"}, make([]string, 16), false},
		"bounds":                  {",", []string{"123456789012345678901234567890123456", "1.000000000000000001"}, []string{"123456789012345678901234567890123456", "1.000000000000000001"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var rows [][3]string
			for _, a := range tt.in {
				rows = append(rows, [3]string{"", "2026-01-01", a})
			}
			e, err := crm.Read(strings.NewReader(sf(tt.delimiter, rows...)), "f.csv", crm.Options{SkipBad: true})
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, e, len(tt.in))
			got := map[int]crm.Opportunity{}
			for _, o := range e.Opportunities {
				got[o.Line-2] = o
			}
			for i, want := range tt.want {
				o, used := got[i]
				switch {
				case used != (want != ""):
					t.Errorf("%q: used %v, want %v; problems %v", tt.in[i], used, want != "", e.Problems)
				case used && !o.Amount.Equal(num(want)):
					t.Errorf("%q is read as %s, want %s", tt.in[i], o.Amount.StringFixed(3), want)
				}
			}
			if (len(e.Notes) > 0) != tt.note {
				t.Errorf("notes %q, want one: %v", e.Notes, tt.note)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	const header = "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount,Amount Currency,Probability (%)\n"
	tests := map[string]struct{ rows, column, value, msg string }{
		"short row":        {"A,Ann,Closed Won,2026-01-01\n", "", "", "4 cells where the header has 7"},
		"long row":         {"A,Ann,Closed Won,2026-01-01,5,USD,100,more\n", "", "", "8 cells where the header has 7"},
		"no ID":            {",Ann,Closed Won,2026-01-01,5,USD,100\n", "Opportunity ID", "", "no ID"},
		"no owner":         {"A,,Closed Won,2026-01-01,5,USD,100\n", "Opportunity Owner", "", "no owner"},
		"no stage":         {"A,Ann,,2026-01-01,5,USD,10\n", "Stage", "", "no stage"},
		"no closing day":   {"A,Ann,Closed Lost,,5,USD,0\n", "Close Date", "", "without a closing day"},
		"no amount":        {"A,Ann,Closed Won,2026-01-01,,USD,100\n", "Amount", "", "without an amount"},
		"currency":         {"A,Ann,Closed Won,2026-01-01,5,Dollar,100\n", "Amount Currency", "Dollar", "ISO 4217"},
		"two currencies":   {"A,Ann,Closed Won,2026-01-01,EUR 5,USD,100\n", "Amount", "EUR 5", "currency column says USD"},
		"won at 90 %":      {"A,Ann,Verbally Won,2026-01-01,5,USD,90\n", "Stage", "Verbally Won", "not 100 %"},
		"lost at 10 %":     {"A,Ann,Lost?,2026-01-01,5,USD,10\n", "Stage", "Lost?", "not 0 %"},
		"closed how":       {"A,Ann,Closed - other,2026-01-01,5,USD,\n", "Stage", "Closed - other", "won or lost?"},
		"not UTF-8":        {"A,Ann M\xfcller,Closed Won,2026-01-01,5,USD,100\n", "Opportunity Owner", "Ann M�ller", "UTF-8"},
		"bare quote":       {"A,An\"n,Closed Won,2026-01-01,5,USD,100\n", "", "", "quotes of this row"},
		"duplicate":        {"Z,Ann,Prospecting,,,,\nA,Ann,Closed Won,2026-01-01,5,USD,100\nA,Bo,Closed Won,2026-01-01,5,USD,100\n", "Opportunity ID", "A", "also on line 3"},
		"after a line end": {"Z,\"An\nn\",Prospecting,,,,\nA,,Prospecting,,,,\n", "Opportunity Owner", "", "no owner"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := crm.Read(strings.NewReader(header+tt.rows), "f.csv", crm.Options{})
			var bad *crm.ProblemsError
			if !errors.As(err, &bad) || len(bad.Problems) != 1 {
				t.Fatalf("strict: got %v, want one problem", err)
			}
			p := bad.Problems[0]
			// All cases end with the bad row, which takes the last line.
			want := crm.Problem{File: "f.csv", Line: 1 + strings.Count(tt.rows, "\n"), Column: tt.column, Value: tt.value, Msg: p.Msg}
			if p != want || !strings.Contains(p.Msg, tt.msg) {
				t.Errorf("got %+v, want %+v with %q", p, want, tt.msg)
			}
			if !strings.Contains(err.Error(), p.String()) {
				t.Errorf("error text %q lacks %q", err, p)
			}
			e, err := crm.Read(strings.NewReader(header+tt.rows), "f.csv", crm.Options{SkipBad: true})
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, e, bad.Read)
			if d := diff(bad.Problems, e.Problems); d != "" {
				t.Errorf("problems of strict and lenient reading differ:\n%s", d)
			}
		})
	}
}

func TestManyProblemsShortText(t *testing.T) {
	var rows [][3]string
	for range 500 {
		rows = append(rows, [3]string{"never", "never", "none"})
	}
	_, err := crm.Read(strings.NewReader(sf(",", rows...)), "f.csv", crm.Options{})
	var bad *crm.ProblemsError
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	if bad.Read != 500 || bad.Skipped != 500 || bad.Used != 0 || len(bad.Problems) != 1500 {
		t.Errorf("got %+v with %d problems, want 500 rows and 1500 problems: all faults of a row", bad.Counts, len(bad.Problems))
	}
	text := err.Error()
	if n := strings.Count(text, "\n"); n != 21 || !strings.Contains(text, "1480 more") {
		t.Errorf("text of %d lines, want 20 problems and the rest as a number:\n%s", n, text)
	}
}

func TestUnreadable(t *testing.T) {
	tests := map[string]struct {
		in    string
		opt   crm.Options
		is    error
		wants []string
	}{
		"empty":            {"", crm.Options{}, crm.ErrFormat, []string{"empty"}},
		"blank":            {"\n\n\n", crm.Options{}, crm.ErrFormat, []string{"empty"}},
		"UTF-16 LE":        {"\xff\xfeI\x00D\x00", crm.Options{}, crm.ErrFormat, []string{"UTF-16", "CSV UTF-8"}},
		"UTF-16 BE":        {"\xfe\xff\x00I\x00D", crm.Options{}, crm.ErrFormat, []string{"UTF-16"}},
		"UTF-16 no mark":   {"I\x00D\x00,\x00", crm.Options{}, crm.ErrFormat, []string{"NUL"}},
		"workbook":         {"PK\x03\x04\x14\x00", crm.Options{}, crm.ErrFormat, []string{"xlsx"}},
		"CR only":          {"Opportunity ID,Stage\rA,Closed Won\r", crm.Options{}, crm.ErrFormat, []string{"CR alone"}},
		"unknown":          {"a,b,c\n1,2,3\n", crm.Options{}, crm.ErrFormat, []string{`"a", "b", "c"`, `"Opportunity ID"`}},
		"missing":          {"Opportunity ID,Opportunity Name,Stage,Amount\n", crm.Options{}, crm.ErrFormat, []string{`add "opportunity owner"`, `"close date"`, `found "Opportunity ID", "Opportunity Name"`}},
		"twice":            {"Opportunity ID,Opportunity Owner,Stage,Close Date,Amount,AMOUNT\n", crm.Options{}, crm.ErrFormat, []string{"two columns", "AMOUNT"}},
		"Latin-1 header":   {"Opportunity ID,Stage,Gr\xf6\xdfe\n", crm.Options{}, crm.ErrFormat, []string{"UTF-8"}},
		"too many columns": {strings.Repeat("x,", 2500) + "\n", crm.Options{}, crm.ErrLimit, []string{"2501 columns"}},
		"too many rows":    {sf(",", [3]string{"", "2026-01-01", "1"}, [3]string{"", "2026-01-01", "1"}), crm.Options{MaxRows: 1}, crm.ErrLimit, []string{"more than 1 rows"}},
		"open quote":       {sf(",", [3]string{"", "2026-01-01", "1"}) + "9,\"Ann" + strings.Repeat(" and so on\n", 40_000), crm.Options{MaxRecord: 1000}, crm.ErrLimit, []string{"after line 2", "1000 bytes", "quote"}},
		"long header":      {strings.Repeat("long", 100_000), crm.Options{MaxRecord: 1000}, crm.ErrLimit, []string{"after line 0"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := crm.Read(strings.NewReader(tt.in), "f.csv", tt.opt)
			if !errors.Is(err, tt.is) {
				t.Fatalf("got %v, want %v", err, tt.is)
			}
			for _, w := range append(tt.wants, "f.csv") {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
			if d := diff(crm.Export{}, e); d != "" {
				t.Errorf("not the zero result:\n%s", d)
			}
		})
	}
}

// endless is a reader that never ends and counts what is taken from it.
type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.given += len(p)
	return len(p), nil
}

func TestEndlessRecord(t *testing.T) {
	head := sf(",", [3]string{"", "2026-01-01", "1"})
	var rest endless
	_, err := crm.Read(io.MultiReader(strings.NewReader(head), &rest), "f.csv", crm.Options{})
	if !errors.Is(err, crm.ErrLimit) {
		t.Fatalf("got %v, want %v", err, crm.ErrLimit)
	}
	if rest.given > 2<<20 {
		t.Errorf("%d bytes were read of an endless record, want about 1 MiB", rest.given)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestReaderFails(t *testing.T) {
	// A cause that wraps io.EOF is no end of the file.
	cause := fmt.Errorf("disk on fire: %w", io.EOF)
	for _, head := range []string{"", sf(",", [3]string{"", "2026-01-01", "1"})} {
		_, err := crm.Read(io.MultiReader(strings.NewReader(head), failing{cause}), "f.csv", crm.Options{})
		if !errors.Is(err, cause) {
			t.Errorf("got %v, want the cause", err)
		}
	}
}

func TestStatus(t *testing.T) {
	const report = "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount,Probability (%)\n"
	const api = "Id,OwnerId,StageName,CloseDate,Amount,IsWon,IsClosed\n"
	const hub = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner\n"
	custom := map[string]crm.Status{"Booked": crm.Won, "6 - ON ICE": crm.Lost}
	tests := map[string]struct {
		in     string
		stages map[string]crm.Status
		want   crm.Status
	}{
		"won by name":        {report + "1,A,Closed Won,2026-01-01,1,\n", nil, crm.Won},
		"won by probability": {report + "1,A,Closed,2026-01-01,1,100%\n", nil, crm.Won},
		"lost by chance":     {report + "1,A,Closed: No decision,2026-01-01,1,0\n", nil, crm.Lost},
		"open":               {report + "1,A,Proposal,2026-01-01,1,60\n", nil, crm.Open},
		"wonderful is open":  {report + "1,A,Wonderful news,2026-01-01,1,60\n", nil, crm.Open},
		"named":              {report + "1,A,booked,2026-01-01,1,60\n", custom, crm.Won},
		"named lost":         {report + "1,A,6 - On ice,2026-01-01,1,\n", custom, crm.Lost},
		"flag":               {api + "1,A,Signed,2026-01-01,1,TRUE,1\n", nil, crm.Won},
		"closed and not won": {api + "1,A,Signed,2026-01-01,1,0,1\n", nil, crm.Lost},
		"neither":            {api + "1,A,Signed,2026-01-01,1,false,false\n", nil, crm.Open},
		"hubspot label":      {hub + "1,D,Closed lost (Won-back pipeline),2026-01-01,1,A\n", nil, crm.Lost},
		"hubspot internal":   {hub + "1,D,closedwon,2026-01-01,1,A\n", nil, crm.Won},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := crm.Read(strings.NewReader(tt.in), "f.csv", crm.Options{Stages: tt.stages})
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Opportunities[0].Status; got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFooterOnlyAtTheEnd(t *testing.T) {
	row := "A,Ann,Closed Won,2026-01-01,5\n"
	header := "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount\n"
	for name, tt := range map[string]struct {
		in            string
		read, skipped int
	}{
		"footer":                {header + row + "\"Report\"\n\"Copyright (c) 2000-2026 salesforce.com, inc.\"\n", 1, 0},
		"no phrase of a footer": {header + row + "\"Report\"\n", 2, 1},
		"in the middle":         {header + "Copyright (c)\n" + row, 2, 1},
		"too long for a footer": {header + row + strings.Repeat("Copyright (c)\n", 25), 26, 25},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := crm.Read(strings.NewReader(tt.in), "f.csv", crm.Options{SkipBad: true})
			if err != nil {
				t.Fatal(err)
			}
			checkCounts(t, e, tt.read)
			if e.Skipped != tt.skipped {
				t.Errorf("skipped %d, want %d: %v", e.Skipped, tt.skipped, e.Problems)
			}
		})
	}
}

func TestCurrencyOption(t *testing.T) {
	e, err := crm.Read(strings.NewReader(sf(",", [3]string{"", "2026-01-01", "1"}, [3]string{"", "2026-01-01", "£1"})), "f.csv", crm.Options{Currency: "CHF"})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := e.Opportunities[0].Currency, e.Opportunities[1].Currency; a != "CHF" || b != "GBP" {
		t.Errorf("got %q and %q, want the option CHF and the sign's GBP", a, b)
	}
}

// The probability is from 0 to 1 whatever the system writes, and what is none is no reason to refuse a row.
func TestProbability(t *testing.T) {
	const salesforce = "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount,Probability (%)\n"
	const hubspot = "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Create Date,Pipeline,Deal probability\n"
	for _, c := range []struct {
		text string
		want *decimal.Decimal
	}{
		{salesforce + "1,A,Proposal,2026-01-01,1,75\n", new(num("0.75"))},
		{salesforce + "1,A,Proposal,2026-01-01,1,7.5 %\n", new(num("0.075"))},
		{salesforce + "1,A,Proposal,2026-01-01,1,\n", nil},
		{salesforce + "1,A,Proposal,2026-01-01,1,101\n", nil},
		{salesforce + "1,A,Proposal,2026-01-01,1,-1\n", nil},
		{salesforce + "1,A,Proposal,2026-01-01,1,likely\n", nil},
		{salesforce + "1,A,Proposal,2026-01-01,1,1e9\n", nil},
		{hubspot + "1,N,Contract Sent,2026-05-31,1,A,2026-01-15,P,0.4\n", new(num("0.4"))},
		{hubspot + "1,N,Contract Sent,2026-05-31,1,A,2026-01-15,P,40%\n", new(num("0.4"))},
	} {
		e, err := crm.Read(strings.NewReader(c.text), "x", crm.Options{Currency: "USD"})
		if err != nil || len(e.Opportunities) != 1 {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if d := diff(c.want, e.Opportunities[0].Probability); d != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, d)
		}
	}
}
