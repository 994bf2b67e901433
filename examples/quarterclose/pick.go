package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/salesops-go/salesops/comp"
)

// pickRep finds the person whose statement is explained: by name, or by a part of
// it that only one has, without regard to case and accents. Without a name it is
// the one whose statements have the most kinds of line, the shortest of those that
// are not very short.
func pickRep(name string, b *books) (*person, error) {
	if strings.TrimSpace(name) == "" {
		return b.telling(), nil
	}
	want := plain(name)
	var found []*person
	for _, p := range b.people {
		switch have := plain(p.ID); {
		case have == want:
			return p, nil
		case strings.Contains(have, want):
			found = append(found, p)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return nil, fmt.Errorf("-rep %s: %d people have that in their names: %s", name, len(found), listNames(found))
	}
	near := slices.Clone(b.people)
	distance := func(p *person) int { return nearest(want, plain(p.ID)) }
	slices.SortStableFunc(near, func(x, y *person) int { return distance(x) - distance(y) })
	return nil, fmt.Errorf("-rep %s: nobody of that name; the nearest are %s", name, listNames(near[:min(5, len(near))]))
}

// telling is the person whose statements show most; nil if there are none.
func (b *books) telling() *person {
	var best *person
	var mostKinds, fewestLines int
	for _, p := range b.people {
		kinds, lines := map[comp.Kind]bool{}, 0
		for _, a := range b.accounts {
			if a.person != p {
				continue
			}
			for i := range a.quarter {
				for _, l := range a.quarter[i].Lines {
					kinds[l.Kind] = true
					lines++
				}
			}
		}
		if lines < 5 {
			lines += 1_000_000
		}
		if n := len(kinds); n > mostKinds || n == mostKinds && n > 0 && lines < fewestLines {
			best, mostKinds, fewestLines = p, n, lines
		}
	}
	return best
}

// listNames joins names, the first ten of them.
func listNames(list []*person) string {
	var names []string
	for i, p := range list {
		if i == 10 {
			names = append(names, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		names = append(names, p.ID)
	}
	return strings.Join(names, ", ")
}

// plain is a name in lower case, without accents, with single blanks.
func plain(name string) string {
	const from, to = "áàâäãåāăąçćčďđéèêëēęěíìîïīłñńňóòôöõøōőřśšşťúùûüūůűýÿžźż", "aaaaaaaaacccddeeeeeeeiiiiilnnnoooooooorssstuuuuuuuyyzzz"
	letters := []rune(from)
	fold := func(r rune) rune {
		if i := slices.Index(letters, r); i >= 0 {
			return rune(to[i])
		}
		return r
	}
	return strings.Map(fold, strings.ToLower(strings.Join(strings.Fields(name), " ")))
}

// nearest is the smallest edit distance from a name to another, or to one of its
// words.
func nearest(want, have string) int {
	best := distance(want, have)
	for _, word := range strings.FieldsFunc(have, func(r rune) bool { return r == ' ' || r == '-' }) {
		best = min(best, distance(want, word))
	}
	return best
}

// distance is the number of letters to insert, delete or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, utf8.RuneCountInString(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range []rune(a) {
		corner := row[0]
		row[0] = i + 1
		for j, y := range []rune(b) {
			cost := 1
			if x == y {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, corner+cost)
		}
	}
	return row[len(row)-1]
}
