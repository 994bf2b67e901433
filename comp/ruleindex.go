package comp

// ruleIndex finds the rules that may match a deal by the value of one tag: the one
// for which the rules list the most values.
type ruleIndex struct {
	tag   string
	under map[string][]int32 // by value
	rest  []int32            // rules that do not ask for the tag
}

func indexRules(rules []CreditRule) ruleIndex {
	values := make(map[string]map[string]bool)
	for i := range rules {
		for key, list := range rules[i].Where {
			if values[key] == nil {
				values[key] = make(map[string]bool)
			}
			for _, v := range list {
				values[key][v] = true
			}
		}
	}
	x := ruleIndex{under: make(map[string][]int32)}
	most := 0
	for key, set := range values {
		if len(set) > most || len(set) == most && key < x.tag {
			x.tag, most = key, len(set)
		}
	}
	for i := range rules {
		list, asks := rules[i].Where[x.tag]
		if !asks || most == 0 {
			x.rest = append(x.rest, int32(i))
			continue
		}
		for _, v := range list {
			if have := x.under[v]; len(have) == 0 || have[len(have)-1] != int32(i) {
				x.under[v] = append(have, int32(i))
			}
		}
	}
	return x
}

// match appends the rules that credit a deal, in order.
func (x *ruleIndex) match(rules []CreditRule, d *Deal, out []int32) []int32 {
	under, rest := x.under[d.Tags[x.tag]], x.rest
	for len(under)+len(rest) > 0 {
		next := &rest
		if len(rest) == 0 || len(under) > 0 && under[0] < rest[0] {
			next = &under
		}
		r := &rules[(*next)[0]]
		if r.Span.Contains(d.Date) && r.Where.holds(d.Tags) {
			out = append(out, (*next)[0])
			if r.Stop {
				break
			}
		}
		*next = (*next)[1:]
	}
	return out
}
