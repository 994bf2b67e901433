package main

import "github.com/salesops-go/salesops"

// A company is the sample as it is drawn, file by file.
type company struct {
	*source
	reps     []*rep
	accounts []*account
	deals    []*deal
	past     []*deal // closed in the year before
	splits   []split
	events   []event
	states   []state
	calls    []call
	moves    []move
}

var (
	yearStart = salesops.NewDate(2026, 1, 1)
	yearEnd   = salesops.NewDate(2027, 1, 1)
)

// quarter returns the first days of quarter q, 0 to 3, and of the next; -4 to -1 are those of the year before.
func quarter(q int) (start, end salesops.Date) {
	return yearStart.AddMonths(3 * q), yearStart.AddMonths(3*q + 3)
}

type segment int

const (
	enterprise segment = iota
	midMarket
	small
)

// segments differ in quota, size of deals and length of the sale.
var segments = [...]struct {
	name        string
	quota       int // a year, in dollars
	sizePercent int
	cycle       int // median days to close
}{
	{"Enterprise", 1_320_000, 165, 115},
	{"Mid-Market", 860_000, 100, 72},
	{"SMB", 480_000, 52, 38},
}

// products with the price of a seat a month in cents, the median of seats, and
// how often they are sold.
var products = [...]struct {
	name   string
	price  int
	seats  int
	weight int
}{
	{"Atlas Platform", 8900, 74, 30},
	{"Atlas Analytics", 4950, 88, 22},
	{"Relay Connect", 2475, 104, 18},
	{"Harbor Security", 5800, 78, 14},
	{"Beacon Support", 1690, 95, 11},
	{"Summit Training", 12500, 11, 5},
}

var regions = [...]string{"Americas", "EMEA", "APAC"}

// managers in pairs, a pair a region.
var managers = [...]string{
	"Renata Quiroga", "Malcolm Oyelaran",
	"Sigrid Halvorsen", "Tomasz Wieczorek",
	"Priya Raghunathan", "Kenji Morishita",
}

// A rep sells in a region and segment. skill is the attainment in percent that
// comes natural, winRate the wins of a hundred decided deals that are no renewals.
type rep struct {
	name       string
	manager    int
	segment    segment
	skill      int
	winRate    int
	spans      []span
	specialist bool
}

// A span is a time under one manager, [start, end); zero is open.
type span struct {
	start, end salesops.Date
	manager    int
}

// active reports whether the rep works on a day.
func (r *rep) active(d salesops.Date) bool {
	for _, s := range r.spans {
		if d.Compare(s.start) >= 0 && (s.end.IsZero() || d.Compare(s.end) < 0) {
			return true
		}
	}
	return false
}

// days returns the days in [from, to) on which the rep works.
func (r *rep) days(from, to salesops.Date) int {
	n := 0
	for d := from; d.Compare(to) < 0; d = d.AddDays(1) {
		if r.active(d) {
			n++
		}
	}
	return n
}

var people = [...]rep{
	{name: "Olivia Brandt-Castillo", manager: 0, segment: enterprise, skill: 118, winRate: 29},
	{name: "Marcus Nakai", manager: 0, segment: enterprise, skill: 88, winRate: 22},
	{name: "Daniela Fuentes Rocha", manager: 0, segment: midMarket, skill: 104, winRate: 26},
	{name: "Wesley Okonjo", manager: 0, segment: midMarket, skill: 76, winRate: 19},
	{name: "Grace Thibodeaux", manager: 0, segment: small, skill: 97, winRate: 24},
	{name: "Jamal Whitfield", manager: 1, segment: enterprise, skill: 95, winRate: 24},
	{name: "Soledad Ibarra", manager: 1, segment: midMarket, skill: 122, winRate: 30},
	{name: "Peter Lindgren", manager: 1, segment: midMarket, skill: 84, winRate: 21},
	{name: "Amina Diallo-Ross", manager: 1, segment: midMarket, skill: 92, winRate: 23},
	{name: "Tyler Beauchamp", manager: 1, segment: small, skill: 71, winRate: 18},
	{name: "Ingrid Aaltonen", manager: 2, segment: enterprise, skill: 108, winRate: 27},
	{name: "Luca Ferrante", manager: 2, segment: enterprise, skill: 99, winRate: 25},
	{name: "Hana Vesely", manager: 2, segment: midMarket, skill: 111, winRate: 28},
	{name: "Callum Rutherglen", manager: 2, segment: midMarket, skill: 80, winRate: 20},
	{name: "Fatoumata Keïta", manager: 2, segment: small, skill: 115, winRate: 29},
	{name: "Viktor Hradec", manager: 3, segment: enterprise, skill: 74, winRate: 19},
	{name: "Chiara Monteverdi-Blum", manager: 3, segment: midMarket, skill: 101, winRate: 26},
	{name: "Piotr Zawadzki", manager: 3, segment: midMarket, skill: 90, winRate: 23},
	{name: "Leila Benslimane", manager: 3, segment: small, skill: 106, winRate: 27},
	{name: "Yara Haddad", manager: 3, segment: enterprise, specialist: true},
	{name: "Arjun Venkataraman", manager: 4, segment: enterprise, skill: 112, winRate: 28},
	{name: "Siobhan Tanaka", manager: 4, segment: midMarket, skill: 93, winRate: 23},
	{name: "Nguyen Thi Lan Phuong", manager: 4, segment: midMarket, skill: 103, winRate: 26},
	{name: "Rohan Deshpande", manager: 4, segment: small, skill: 86, winRate: 22},
	{name: "Mereana Parata", manager: 4, segment: small, skill: 98, winRate: 25},
	{name: "Hiroshi Kagawa", manager: 5, segment: enterprise, skill: 91, winRate: 23},
	{name: "Min-seo Baek", manager: 5, segment: midMarket, skill: 126, winRate: 31},
	{name: "Oliver Castellane", manager: 5, segment: midMarket, skill: 79, winRate: 20},
	{name: "Wan Nur Izzati", manager: 5, segment: small, skill: 102, winRate: 26},
	{name: "Declan Moriarty-Singh", manager: 5, segment: small, skill: 89, winRate: 22},
}

// An account is sold to by one rep.
type account struct {
	name  string
	owner *rep
}

// Names of accounts: a stem, a trade, and the legal form usual in the region.
var (
	stems = [...]string{
		"Veltrano", "Quillmark", "Ostrelle", "Brindlow", "Castavere", "Dunmorrow", "Elvastone", "Farrowgate", "Glimmerfold", "Hartwhistle",
		"Iverndale", "Jessamoor", "Kestrowe", "Larkenby", "Marrowick", "Nettlebrae", "Orchelle", "Pemberline", "Quorrison", "Ravensmere",
		"Saltergate", "Tarnhollow", "Umberleigh", "Vantreuil", "Wexmarch", "Yarrowin", "Zephyrine", "Aldercrest", "Bellwether", "Corvanta",
		"Drumlaine", "Esterhaven", "Fennimore", "Galvestria", "Hollinbrook", "Islemark", "Juniperra", "Kaldovar", "Lumenta", "Mistralia",
	}
	trades = [...]string{
		"Logistics", "Foods", "Clinics", "Energy", "Robotics", "Insurance", "Textiles", "Rail", "Media", "Mutual Bank",
		"Water", "Aerospace", "Pharma", "Retail", "Studios", "Ports", "Chemicals", "Motors", "Telecom", "Hotels",
	}
	forms = [len(regions)][]string{
		{"Inc.", "LLC", "Corp.", "S.A. de C.V.", "Ltda."},
		{"Ltd", "GmbH", "SAS", "Oy", "S.p.A.", "B.V."},
		{"Pte. Ltd.", "K.K.", "Pty Ltd", "Pvt. Ltd.", "Co., Ltd."},
	}
)

const accountsPerRep = 4

func newCompany(s *source) *company {
	c := &company{source: s}
	for i := range people {
		r := people[i]
		// Most were hired in the years before.
		hired := salesops.NewDate(2021, 1, 4).AddDays(7 * s.below(250))
		r.spans = []span{{start: hired, manager: r.manager}}
		c.reps = append(c.reps, &r)
	}
	c.rep("Amina Diallo-Ross").spans[0].start = salesops.NewDate(2026, 8, 17)
	c.rep("Viktor Hradec").spans[0].end = salesops.NewDate(2026, 10, 17)
	c.rep("Hana Vesely").away(salesops.NewDate(2026, 4, 20), salesops.NewDate(2026, 6, 1), 2)
	c.rep("Luca Ferrante").away(salesops.NewDate(2026, 7, 1), salesops.NewDate(2026, 7, 1), 3)

	n := 0
	for _, r := range c.reps {
		for range accountsPerRep {
			if r.specialist {
				break
			}
			legal := forms[r.manager/2]
			// 13 and 20 have no common factor: no name comes twice.
			name := stems[n%len(stems)] + " " + trades[(n*13+n/len(stems))%len(trades)] + " " + legal[s.below(len(legal))]
			c.accounts = append(c.accounts, &account{name, r})
			n++
		}
	}
	return c
}

func (c *company) rep(name string) *rep {
	for _, r := range c.reps {
		if r.name == name {
			return r
		}
	}
	return nil
}

// away ends the only span of a rep and begins another under a manager.
func (r *rep) away(from, back salesops.Date, manager int) {
	r.spans[0].end = from
	r.spans = append(r.spans, span{start: back, manager: manager})
}
