using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Words by which a note is a note. They claim nothing about the patient, so no citation has to hold them.</summary>
internal static class NoteWords
{
    private static readonly HashSet<string> Neutral = [.. """
        the a an and or of to in on at for with by from as is are was were be been being has have had do does did not no will
        would can could should may might must that this these those there it its he she his her him hers they them their who which
        what when where while also any some more most such than then so if but patient report state note deny endorse describe
        admit say present presenting history evaluation today visit clinic current currently recommend recommended advise advised
        discuss discussed counsel counseled explain explained encourage encouraged continue plan follow we i me us our my you your
        yours am um regarding significant past medical pleasant male female year old status exam examination reveal show
        demonstrate appreciate noted present absent himself herself about into up out over here now just very really per due since
        until after before during well within find finding cannot daily day every once twice time week month hour mouth january
        february march april may june july august september october november december
        pmh pmhx fh fhx sh shx hx hpc otc symptom issue problem particular obvious slight slightly bit kind sort feel feeling felt thing
        like own other otherwise generally specific specifically associated able get got going go come noticed notice think say said
        told tell see seem look looked seems having lately recently still yet always never nil none non usual usually normally
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Word.RootOf)];

    public static bool IsNeutral(string root) => Neutral.Contains(root);
}
