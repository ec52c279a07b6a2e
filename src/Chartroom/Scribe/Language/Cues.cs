using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

/// <summary>The turns of phrase by which a visit announces where it is going. All match on <see cref="Line.Plain"/>.</summary>
internal static partial class Cues
{
    private const RegexOptions Plainly = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"\b(year old|years old|y o)\b.*\b(male|female|man|woman|lady|gentleman|who|here|with|presents|presenting|patient|" +
        @"today)\b|\bpresent(s|ing)\b.*\b(for|with|to)\b|\b(date of birth|she'?s here|he'?s here|she is here|he is here|" +
        @"is here today|here today (for|with)|comes in (today )?(for|with)|past medical history)\b", Plainly)]
    public static partial Regex Introduction();

    [GeneratedRegex(@"\b(physical exam|examine (you|your)|(quick|do an?|my|your) exam\b|examination|listen to your|" +
        @"vital signs|your vitals|" +
        @"on exam|let me (check|feel|press|look at your|take a look at your)|look at your (knee|back|shoulder|ankle|foot|hand|" +
        @"ear|throat|skin|elbow|hip|wrist|finger|leg|arm|neck)|blood pressure (here|today|is|was|looks)|" +
        @"show me the (blood pressure|vital)|take a deep breath)", Plainly)]
    public static partial Regex OpensExam();

    /// <summary>An examination that is spoken of and not begun: it comes later, elsewhere, or not at all.</summary>
    [GeneratedRegex(@"\b(history first|first and|later|afterwards|normally|usually|haven't been able|been able to|in person|face to face|appointment|would (need|like|want|love) to|might need|need to|" +
        @"i'd like to see you|wouldn't|don't think|book you|over the phone|properly)\b", Plainly)]
    public static partial Regex PutsOff();

    /// <summary>What is feared, read of or asked about, not what is: "it could be a sign of cancer".</summary>
    [GeneratedRegex(@"\b((could|might|may|can) be|worr(y|ied|ying)|afraid|scared|fear|anxious|what if|sign of|been reading|i read|i've read|googl\w+|looked up|is it|risk of|rule out|in case)\b", Plainly)]
    public static partial Regex Fears();

    [GeneratedRegex(@"\b(results?|x rays?|show me the|reviewed your|your (mri|ct|ekg|labs?|blood work|lab work|echo\w*)|" +
        @"i (also )?(looked at|reviewed) (the|your))\b", Plainly)]
    public static partial Regex OpensResults();

    [GeneratedRegex(@"\b(assessment|my plan|the plan|(your|the) first (problem|diagnosis|issue|concern|thing)|what i'?d like to do|" +
        @"what i would like to do|what i'm (gonna|going to) do|what we're (gonna|going to) do|what does (all )?(that|this|" +
        @"it) (all )?mean|here's what|based on (your|the|my|what)|i'm (gonna|going to) (go ahead and )?(order|prescribe|start|" +
        @"put you|refer|recommend|send)|i want you to|i'd like you to|i recommend|i think (you have|that you have|this is|" +
        @"what's going on|your|you're|what you have)|my (impression|diagnosis|recommendation)|consistent with)\b", Plainly)]
    public static partial Regex OpensPlan();

    [GeneratedRegex(@"^((and|so|okay|alright|all right|now|then|um|uh|well|but|or|yeah|no|hey|good|great) )*" +
        @"((do|did|are|is|was|were|have|has|had|can|could|would|will|does|should|any|how|what|when|where|who|which|why|tell me|ever)\b" +
        @"|you('re| are)? .*(?<!the )\b(right|correct|or no|or not)$)" +
        @"|(?<!\b(we|i|to|you|i'll|we'll|gonna|would|could|will) )\b(do you|did you|have you|are you|were you)\b" +
        @"|\b(is there any|was it|does it|can you tell|how about|or no|or not really" +
        @"|have you ever|how long|how often|how many|how much)\b" +
        @"|\b(any|anything like that)$", Plainly)]
    private static partial Regex Asking();

    [GeneratedRegex(@"^(what|how|where|when|do|did|is|can|are)\b.*\b(i'?m|i|we|that|this|it)\b", Plainly)]
    private static partial Regex AskingNothing();

    [GeneratedRegex(@"\b(i'm (gonna|going to)|i'd like (you|to)|i want you|i wanna|let's|we'll|your (heart|lungs?|exam|" +
        @"blood pressure|x ray|" +
        @"labs?|results?)|you('re| are) (taking|having)|do you|have you|did you|are you|were you|for your (first|second|third)|" +
        @"on your \w+ exam|my assessment|i appreciate|do appreciate|don't appreciate|i recommend|prescribe|refer you|systolic|" +
        @"auscultation|palpation|year old|i reviewed|any questions)\b", Plainly)]
    private static partial Regex Clinicianly();

    [GeneratedRegex(@"\b(i've been (having|feeling|taking|trying|doing)|i have been (having|feeling|taking)|my (wife|husband|pain|doctor|" +
        @"back|knee|shoulder|foot|ankle|stomach|head|legs?|arms?|hands?|pcp|mom|dad|kids|job)|i feel|hurts me|i (take|took|fell|" +
        @"smoke|drink|work|noticed|tried|started (taking|having|feeling)))\b", Plainly)]
    private static partial Regex Patiently();

    /// <summary>The words with which people take something back.</summary>
    [GeneratedRegex(@"\b(actually|i mean|wait|sorry|correction|i meant|no no|scratch that|i was wrong|i misspoke|come to think of it|" +
        @"now that i think|to be honest|i take that back|not \w+ (but|it's)|i forgot)\b", Plainly)]
    public static partial Regex Corrects();

    /// <summary>Words that follow a slip of the tongue: what comes right after them stands in the place of what came right before. Narrower than
    /// <see cref="Corrects"/>: a clinician's "actually" mostly changes a plan, it does not take back what was said.</summary>
    [GeneratedRegex(@"\b(i mean|sorry|correction|i meant|no wait|wait no|scratch that|strike that|i misspoke|rather|my mistake|no no)\b", Plainly)]
    public static partial Regex Slips();

    /// <summary>The clinician commits to something or asks something of the patient.</summary>
    [GeneratedRegex(@"\b(i'm (gonna|going to)|i'll|we'll|we're (gonna|going to)|i want (you )?to|i wanna|i'd like|" +
        @"i would like|i recommend|" +
        @"you (should|need to)|continue|start|order|prescribe|refer)\b", Plainly)]
    public static partial Regex Instructs();

    /// <summary>What may come, not what is: "if you have any vomiting, call me".</summary>
    [GeneratedRegex(@"\b(if (you|you're|it|it's|your|there|things|that|they|this|symptoms)|should you|in case|bear in mind|watch out|look out for)\b", Plainly)]
    public static partial Regex Supposes();

    public static bool IsQuestion(string text, string plain) =>
        text.AsSpan().TrimEnd().EndsWith('?') ? !plain.EndsWith(" okay", StringComparison.Ordinal) && plain.Length > 0
            && plain is not ("okay" or "all right" or "alright")
            : Asking().IsMatch(plain) && !(plain.StartsWith("is ", StringComparison.Ordinal) && AskingNothing().IsMatch(plain)
                && plain.Length > 90);

    /// <summary>Above zero where a turn speaks like a clinician, below where like a patient; at most 3 either way.</summary>
    public static int LeansClinician(string turn)
    {
        var plain = string.Join(' ', Words.Read(turn).Where(word => !word.IsMark).Select(word => word.Text));
        return Math.Clamp(Clinicianly().Count(plain) - Patiently().Count(plain), -3, 3);
    }

    /// <summary>The label, unless the words are plainly the other side's: recognisers swap speakers.</summary>
    public static Speaker WhoSpeaks(string plain, Speaker labelled)
    {
        if (labelled == Speaker.Guest) return labelled;
        var clinician = Clinicianly().Count(plain);
        var patient = Patiently().Count(plain);
        if (labelled == Speaker.Unknown) return clinician > patient ? Speaker.Clinician : patient > clinician ? Speaker.Patient
            : Speaker.Unknown;
        if (labelled == Speaker.Patient && clinician > 0 && patient == 0 && plain.Length > 40) return Speaker.Clinician;
        return labelled == Speaker.Clinician && patient > 0 && clinician == 0 ? Speaker.Patient : labelled;
    }
}
