package crm_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/salesops-go/salesops"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

func day(t testing.TB, s string) salesops.Date {
	t.Helper()
	if s == "" {
		return salesops.Date{}
	}
	d, err := salesops.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func num(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// diff compares by value: decimals by what they amount to.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.Comparer(decimal.Decimal.Equal))
}

func readFile(t *testing.T, name string, opt crm.Options) (crm.Export, error) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return crm.Read(f, name, opt)
}

func TestFixtures(t *testing.T) {
	d := func(s string) salesops.Date { return day(t, s) }
	tests := []struct {
		file, reason string
		system       crm.System
		want         []crm.Opportunity
		notes        []string
	}{
		{
			file: "salesforce-report.csv", system: crm.SalesforceReport,
			reason: "quoted cells, a line break and quotes in a cell, US dates, groups, accounting negatives, currency in the amount, IDs that differ in case, footer",
			want: []crm.Opportunity{
				{
					ID: "006Qy00000AbCdE", Name: "Brightwater - platform", Account: "Brightwater, Ltd.", Owner: "Ines Okafor", Type: "New Business",
					Stage: "Closed Won", Status: crm.Won, Created: d("2025-11-03"), Closed: d("2026-01-05"), Amount: num("1234.5"), Currency: "USD", Probability: new(num("1")),
					Tags: map[string]string{"region": "EMEA", "term (months)": "24"}, Line: 2,
				},
				{
					ID: "006Qy00000AbCdF", Name: "Renewal", Account: `Harrow "Blue" Mills`, Owner: "Ines Okafor", Type: "Renewal",
					Stage: "Closed Lost", Status: crm.Lost, Created: d("2025-12-01"), Closed: d("2026-02-28"), Currency: "USD", Probability: new(num("0")),
					Tags: map[string]string{"region": "EMEA", "term (months)": "12", "next step": "call back\nin June"}, Line: 3,
				},
				{
					ID: "006Qy00000AbCdf", Name: "Fleet", Account: "Ødegård Frakt", Owner: "Tomás Lindqvist", Type: "New Business",
					Stage: "Negotiation/Review", Created: d("2026-01-02"), Closed: d("2026-03-31"), Amount: num("80000"), Currency: "EUR", Line: 5, Probability: new(num("0.9")),
				},
				{
					ID: "006Qy00000AbCdg", Name: "Credit", Account: "Kestrel Rail", Owner: "Tomás Lindqvist", Type: "Amendment",
					Stage: "Closed Won", Status: crm.Won, Created: d("2025-12-30"), Closed: d("2025-12-31"), Amount: num("-250"), Currency: "USD", Probability: new(num("1")),
					Tags: map[string]string{"region": "AMER"}, Line: 6,
				},
			},
			notes: []string{"salesforce-report.csv: the report's footer from line 9 was left out"},
		},
		{
			file: "salesforce-api.csv", system: crm.SalesforceAPI,
			reason: "byte order mark, upper-case names, flags decide over stage names, ISO datetimes, a number in scientific notation",
			want: []crm.Opportunity{
				{
					ID: "0065g00000XaBcDAAV", Name: "Kestrel Rail - signalling", Owner: "Mei Tanaka", Type: "New", Stage: "Contract signed", Status: crm.Won,
					Created: d("2025-10-01"), Closed: d("2026-03-31"), Amount: num("120000"), Currency: "GBP",
					Tags: map[string]string{"ownerid": "0055g000001AbCdAAK", "term__c": "36"}, Line: 2,
				},
				{
					ID: "0065g00000XaBcEAAV", Name: "Kestrel Rail - depots", Owner: "Mei Tanaka", Stage: "No decision", Status: crm.Lost,
					Created: d("2025-10-01"), Closed: d("2026-02-10"), Currency: "GBP", Tags: map[string]string{"ownerid": "0055g000001AbCdAAK"}, Line: 3,
				},
				{
					ID: "0065g00000XaBcFAAV", Name: "Umber & Sons", Owner: "Mei Tanaka", Stage: "Proposal",
					Created: d("2026-01-10"), Closed: d("2026-06-30"), Amount: num("12000000"), Currency: "GBP", Tags: map[string]string{"ownerid": "0055g000001AbCdAAK"}, Line: 4,
				},
			},
		},
		{
			file: "hubspot.csv", system: crm.HubSpot,
			reason: "IDs beyond 2^53, stage with its pipeline, several companies in a cell, an open deal without closing day and amount",
			want: []crm.Opportunity{
				{
					ID: "9007199254740993", Name: "Orchard loyalty app", Account: "Orchard Foods;Orchard Retail", Owner: "Dana Whitlock", Type: "newbusiness",
					Stage: "Closed Won (Sales Pipeline)", Status: crm.Won, Created: d("2025-11-02"), Closed: d("2026-02-14"), Amount: num("48000"), Currency: "USD",
					Tags: map[string]string{"pipeline": "Sales Pipeline"}, Line: 2,
				},
				{
					ID: "9007199254740994", Name: "Orchard support", Account: "Orchard Foods", Owner: "Dana Whitlock", Type: "existingbusiness",
					Stage: "closedlost", Status: crm.Lost, Created: d("2025-12-24"), Closed: d("2026-02-01"), Amount: num("12500"), Currency: "USD",
					Tags: map[string]string{"pipeline": "Sales Pipeline"}, Line: 3,
				},
				{
					ID: "9007199254740995", Name: "Vale Clinics", Owner: "Dana Whitlock", Stage: "Contract Sent", Created: d("2026-01-15"), Closed: d("2026-05-31"),
					Amount: num("9000"), Currency: "USD", Tags: map[string]string{"pipeline": "Partner Pipeline"}, Line: 4,
				},
				{
					ID: "9007199254740996", Name: "Vale Clinics 2", Owner: "Dana Whitlock", Stage: "Appointment Scheduled", Created: d("2026-01-16"),
					Tags: map[string]string{"pipeline": "Partner Pipeline"}, Line: 5,
				},
			},
		},
		{
			file: "pipedrive.csv", system: crm.Pipedrive,
			reason: "sep= line, semicolons with decimal commas, prefix of columns, 12.000 is a thousand because 1.234,50 proves it, the euro sign stands for a currency, German dates",
			want: []crm.Opportunity{
				{
					ID: "501", Name: "Fjord Logistik", Account: "Fjord Logistik AS", Owner: "Jörg Baumann", Stage: "Negotiations Started", Status: crm.Won,
					Created: d("2025-12-01"), Closed: d("2026-01-31"), Amount: num("1234.5"), Currency: "EUR",
					Tags: map[string]string{"label": "Hot", "organization - region": "Nord"}, Line: 3,
				},
				{
					ID: "502", Name: "Alpenhof", Account: "Alpenhof GmbH", Owner: "Jörg Baumann", Stage: "Proposal Made", Status: crm.Lost,
					Created: d("2025-12-05"), Closed: d("2026-02-02"), Amount: num("12000"), Currency: "EUR", Tags: map[string]string{"organization - region": "Süd"}, Line: 4,
				},
				{
					ID: "503", Name: "Zum Löwen", Owner: "Jörg Baumann", Stage: "Demo Scheduled",
					Created: d("2026-01-07"), Closed: d("2026-03-31"), Amount: num("980"), Currency: "EUR", Line: 5,
				},
			},
		},
		{
			file: "pipedrive-bare.csv", system: crm.Pipedrive, reason: "columns without prefix",
			want: []crm.Opportunity{
				{
					ID: "11", Name: "Portside", Account: "Portside Cafes", Owner: "Amara Bello", Stage: "Closing", Status: crm.Won,
					Created: d("2026-01-02"), Closed: d("2026-03-09"), Amount: num("700"), Currency: "GBP", Line: 2,
				},
				{
					ID: "12", Name: "Portside 2", Account: "Portside Cafes", Owner: "Amara Bello", Stage: "Closing", Status: crm.Lost,
					Created: d("2026-01-02"), Closed: d("2026-03-10"), Amount: num("700"), Currency: "GBP", Line: 3,
				},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got, err := readFile(t, tt.file, crm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range tt.want {
				tt.want[i].File = tt.file
			}
			n := len(tt.want)
			want := crm.Export{Counts: crm.Counts{Read: n, Used: n}, System: tt.system, Opportunities: tt.want, Notes: tt.notes}
			if d := diff(want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, d)
			}
		})
	}
}

// The order of columns, their case and blanks in headers do not matter.
func TestHeaderForm(t *testing.T) {
	a := "Opportunity ID,Opportunity Owner,Stage,Close Date,Amount,Zone\nX1,Ann,Closed Won,2026-01-02,5,North\n"
	b := "  AMOUNT ,zone,\"close  date\",stage,OPPORTUNITY ID,Opportunity   Owner\r\n5,North,2026-01-02,Closed Won,X1,Ann\r\n"
	ea, err := crm.Read(strings.NewReader(a), "f", crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	eb, err := crm.Read(strings.NewReader(b), "f", crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(ea, eb); d != "" {
		t.Errorf("same rows, other header (-first +second):\n%s", d)
	}
	if len(ea.Opportunities) != 1 || ea.Opportunities[0].Tags["zone"] != "North" {
		t.Errorf("got %+v, want one opportunity in zone North", ea)
	}
}
