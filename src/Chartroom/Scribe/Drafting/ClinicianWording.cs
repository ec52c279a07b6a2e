using System.Text.RegularExpressions;

using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>What the clinician said aloud, as the clinician would write it: findings without address, plans without preamble.</summary>
internal sealed partial class ClinicianWording(Pronouns pronouns)
{
    private const RegexOptions Plainly = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private readonly ThirdPerson _thirdPerson = new(pronouns);

    /// <summary>"on your heart exam i do appreciate a 2/6 systolic ejection murmur" → "2/6 systolic ejection murmur."</summary>
    public string Finding(List<string> tokens)
    {
        var text = string.Join(' ', tokens);
        text = OnYourExam().Replace(text, "");
        text = LookingHere().Replace(text, "");
        text = NoSuch().Replace(text, "no ");
        text = Presents().Replace(text, "");
        text = Opener().Replace(text, "");
        text = YourAtStart().Replace(text, "");
        text = Your().Replace(text, "the ");
        text = YouHave().Replace(text, "there is ");
        text = Asides().Replace(text, "");
        var left = SpokenWords.Trim([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return Sentence.Finish(_thirdPerson.Rewrite(left, fromPatient: false, pronounFirst: false));
    }

    /// <summary>"i'm gonna go ahead and order an mri" → "We will order an MRI."; "i want you to rest" → "I advised the patient to
    /// rest."</summary>
    public string Plan(List<string> tokens)
    {
        var text = string.Join(' ', tokens);
        text = ProblemOpener().Replace(text, "");
        text = PlanOpener().Replace(text, "");
        text = WantYou().Replace(text, "i advised you to ");
        text = HaveYou().Replace(text, "i will have you ");
        text = Recommend().Replace(text, "i recommend ");
        text = WillDo().Replace(text, "we will ");
        text = Asides().Replace(text, "");
        var told = _thirdPerson.Rewrite(SpokenWords.Trim([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)]), fromPatient: false,
            pronounFirst: false);
        return Sentence.Finish(told);
    }

    [GeneratedRegex(@"^(so )?(and )?(on|for|as far as|in terms of|with|looking at) (your |the )?[\w ]{0,40}?\b(examination|exam|" +
        @"examine)\b( here)?( today)? ?,? ?", Plainly)]
    private static partial Regex OnYourExam();

    [GeneratedRegex(@"^(so |and )?(looking (here )?at|let me (look|take a look|check) (at )?|in regards to|regarding|i (also )?(reviewed|" +
        @"looked at)|here is|this is|i have|we have) (the |your )?(results? (of|for|from) )?(your |the )?", Plainly)]
    private static partial Regex LookingHere();

    [GeneratedRegex(@"\b(i|we|you) (do|did|can|could) ?not (really )?(see|hear|feel|appreciate|have|find|notice|" +
        @"detect)( like)?( any| a| an|" +
        @" much)?( signs? of)?( any)? ?|\b(there is|there are|there was|there were) (not|no) (any )?|\b(i|you) (do not|" +
        @"cannot) (really )?(see|hear|feel|appreciate|have) ", Plainly)]
    private static partial Regex NoSuch();

    [GeneratedRegex(@"\b(i|we) (do |can |could |did |am )?(also )?(still )?(appreciate|hear|see|feel|notice|noted|find|" +
        @"appreciating|noticed|" +
        @"heard|saw)( that)?( you (do )?have)?( there is)? (a |an |some |the )?(little |slight bit of )?", Plainly)]
    private static partial Regex Presents();

    [GeneratedRegex(@"^(and |so |but )*(it (looks|sounds|seems) like |it (does )?(show|showed|shows|reveals|revealed|look|looks) (that |" +
        @"like )?|that (shows|showed) (that )?|(you|there) (do |does |did )?(still )?(have|has|had|is|are|was|were) (a |an |" +
        @"some )?(little |slight bit of )?|you are )", Plainly)]
    private static partial Regex Opener();

    [GeneratedRegex(@"^(the |and )?your ", Plainly)]
    private static partial Regex YourAtStart();

    [GeneratedRegex(@"\byour ", Plainly)]
    private static partial Regex Your();

    [GeneratedRegex(@"\b(you (do )?(still )?have|you have got)( a| an| some)? ", Plainly)]
    private static partial Regex YouHave();

    [GeneratedRegex(@"\b(which is (good|great|fine|normal|excellent|ok)|so that is (good|great|fine|excellent)|that is (good|great|fine|" +
        @"excellent)|right here|right there|over here|i think that|does that hurt|for you|for me|right now|as well|" +
        @", that is your [\w ]{3,25} ,)\b", Plainly)]
    private static partial Regex Asides();

    [GeneratedRegex(@"^((so|and|now) )*(for|regarding|in terms of|as far as)" +
        @" (your|the) (first|second|third|fourth|next|last) (problem|issue|diagnosis|concern)" +
        @"[\w' ,]{0,45}?,? ?(?=(i|we) (am|are|will|would|do|want|think|have|recommend)\b|let us )", Plainly)]
    private static partial Regex ProblemOpener();

    [GeneratedRegex(@"^((so|and|but|then|now|also|what|here is what|i think|i would say|i guess|again|at this point|for now|" +
        @"in the meantime|" +
        @"as far as that goes|for that|for this|the first thing is|the other thing is|the next thing is|because|, ) )+(?=i |we |" +
        @"you |let |it |the |your )", Plainly)]
    private static partial Regex PlanOpener();

    [GeneratedRegex(@"\b(i|we) (do |really |also |am going to |would )*(want|like|need|am asking|ask|encourage|advise|" +
        @"wanted) (for )?you (to )?(go ahead and )?", Plainly)]
    private static partial Regex WantYou();

    [GeneratedRegex(@"\b(i|we) (am|are|will|would like|would|do want|want)? ?(going )?(to )?have you ", Plainly)]
    private static partial Regex HaveYou();

    [GeneratedRegex(@"\b(i|we) (would|do|am going to|will|also) (also )?(recommend|suggest)( that)? ", Plainly)]
    private static partial Regex Recommend();

    [GeneratedRegex(@"\b(what )?(i|we) (do |also |would |still |really |am |are |just )*(going to|want to|like to|will|need to|plan to|" +
        @"have to|wanted to)( do is)?( also| first)?( i am going to| we are going to| i would like to)? |\blet us |" +
        @"\bi (do )?think (that )?we (should|can|will|need to) ", Plainly)]
    private static partial Regex WillDo();
}
