using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Orders;

/// <summary>What an order is for: the problem that the clinician names last before it, or in the same line.</summary>
internal sealed partial class OrderReasons(Scene scene)
{
    private const int Reach = 12;

    public (string Text, Line Line)? For(Line order)
    {
        if (Purpose().Match(order.Plain) is { Success: true } purpose) return (purpose.Groups["what"].Value, order);
        for (var at = order.Index; at >= 0 && at >= order.Index - Reach; at--)
        {
            var line = scene.Lines[at];
            if (line.Speaker == Speaker.Patient) continue;
            if (Heading().Match(line.Plain) is { Success: true } heading) return (heading.Groups["what"].Value, line);
        }
        for (var at = order.Index; at >= 0 && at >= order.Index - Reach; at--)
            if (Problem(scene.Lines[at]) is { } named) return (named, scene.Lines[at]);
        var complaint = scene.Lines.FirstOrDefault(line => Problem(line) is not null);
        return complaint is null ? null : (Problem(complaint)!, complaint);
    }

    private static string? Problem(Line line)
    {
        foreach (var mention in line.Mentions)
            if (mention.Term.Kind is TermKind.Condition or TermKind.Symptom && !Polarity.IsNegated(line.Words, mention) && !Polarity.IsAboutAnother(line.Words, mention))
                return string.Join(' ', line.Words.Skip(mention.First).Take(mention.End - mention.First).Select(it => it.Text));
        return null;
    }

    [GeneratedRegex(@"\b((first|second|third|fourth|next|last|other|1st|2nd|3rd) (problem|issue|concern|diagnosis|thing)( is| of|,)?|your diagnosis (is|would be)|i think (you have|this is|you've got)|you have an?|consistent with|so for your|for your|sounds like (you have|you've had|you've got))" +
        @"( (of|is|um|uh|your|the|a|an|some|this))* (?<what>(?!(first|second|third|next|last|that|this|it|i|we|you|first|right|now|little|lot)\b)\w+( (?!(i|i'm|we|we'll|i'd|so|let's|okay|and|um|uh|you|it|that|which|let|looks|sounds|is|your)\b)\w+){0,5})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b(for|to help with|to treat|to look for|to check for|to rule out|because of) (the |your |that |any )?(?<what>(pain|swelling|nausea|inflammation|spasms?|infection|cough|itching|fever|anxiety|sleep|reflux|constipation)\b( \w+ (pain|swelling))?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Purpose();
}
