using LoRA.MLNet.Distillation;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Tests.Distillation;

[TestClass]
public sealed class WordAlignmentTests
{
    [TestMethod]
    public void Equal_words_are_matched_one_by_one()
    {
        var words = WordAlignment.Align([new(0, 3, 0, 1), new(4, 9, 1, 3)], [new(0, 3, 0, 2), new(4, 9, 2, 3)]);
        CollectionAssert.AreEqual((AlignedWord[])[new(0, 1, 0, 2), new(1, 3, 2, 3)], words);
    }

    [TestMethod]
    public void Several_words_in_one_count_as_one()
    {
        // "..." as three words and as one; then ab|cd|ef against a|bc|def, which chain into one
        var words = WordAlignment.Align(
            [new(0, 1, 0, 1), new(1, 2, 1, 2), new(2, 3, 2, 3), new(4, 6, 3, 4), new(6, 8, 4, 5), new(8, 10, 5, 6)],
            [new(0, 3, 0, 1), new(4, 5, 1, 2), new(5, 7, 2, 4), new(7, 10, 4, 5)]);
        CollectionAssert.AreEqual((AlignedWord[])[new(0, 3, 0, 1), new(3, 6, 1, 5)], words);
    }

    [TestMethod]
    public void Words_that_only_one_side_has_are_left_out()
    {
        var words = WordAlignment.Align([new(0, 1, 0, 1), new(2, 3, 1, 2), new(6, 7, 2, 3)], [new(2, 3, 0, 1), new(4, 5, 1, 2), new(6, 7, 2, 3)]);
        CollectionAssert.AreEqual((AlignedWord[])[new(1, 2, 0, 1), new(2, 3, 2, 3)], words);
        Assert.IsEmpty(WordAlignment.Align([new(0, 1, 0, 1)], []));
    }

    [TestMethod]
    public void Rows_hold_whole_words_of_both_within_the_lengths()
    {
        var coarse = WordPieceTrainer.Train(["unbelievable stories"], new() { MinFrequency = 1 });
        var fine = WordPieceTrainer.Train(["unbelievable stories"], new() { VocabularySize = 40, MinFrequency = 100 });
        var row = new RowAligner(coarse, fine, 10, 64).Read("Unbelievable STORIES")!;
        Assert.HasCount(4, row.Student.Ids);
        Assert.HasCount(21, row.Teacher.Ids);
        CollectionAssert.AreEqual((AlignedWord[])[new(1, 2, 1, 13), new(2, 3, 13, 20)], row.Words);

        var cut = new RowAligner(coarse, fine, 10, 15).Read("Unbelievable STORIES")!;
        Assert.HasCount(3, cut.Student.Ids);
        Assert.HasCount(14, cut.Teacher.Ids);
        CollectionAssert.AreEqual((AlignedWord[])[new(1, 2, 1, 13)], cut.Words);
        CollectionAssert.AreEqual((int[])[2, coarse.TokenToId("unbelievable")!.Value, 3], cut.Student.Ids);

        Assert.IsNull(new RowAligner(coarse, fine, 10, 10).Read("Unbelievable STORIES"));
        Assert.IsNull(new RowAligner(coarse, fine, 10, 10).Read(" "));
    }

    [TestMethod]
    public void Sentences_become_a_pair_where_both_have_a_word_boundary()
    {
        var coarse = WordPieceTrainer.Train(["we came. they left! nobody"], new() { MinFrequency = 1 });
        var fine = WordPieceTrainer.Train(["we came. they left! nobody"], new() { VocabularySize = 40, MinFrequency = 100 });
        var row = new RowAligner(coarse, fine, 64, 64, pairShare: 1).Read("We came. They left")!;
        var pair = coarse.Encode("We came.", "They left");
        CollectionAssert.AreEqual(pair.Ids.ToArray(), row.Student.Ids);
        CollectionAssert.AreEqual((int[])[0, 0, 0, 0, 0, 1, 1, 1], row.Student.TypeIds);
        CollectionAssert.AreEqual(fine.Encode("We came.", "They left").Ids.ToArray(), row.Teacher.Ids);
        CollectionAssert.AreEqual(
            (AlignedWord[])[new(1, 2, 1, 3), new(2, 3, 3, 7), new(3, 4, 7, 8), new(5, 6, 9, 13), new(6, 7, 13, 17)], row.Words);

        Assert.HasCount(7, new RowAligner(coarse, fine, 64, 64).Read("We came. They left")!.Student.Ids);
        Assert.HasCount(7, new RowAligner(coarse, fine, 7, 64, pairShare: 1).Read("We came. They left")!.Student.Ids);
        Assert.HasCount(3, new RowAligner(coarse, fine, 64, 64, pairShare: 1).Read("nobody")!.Student.Ids);
    }

    [TestMethod, TestCategory("Golden")]
    public void Byte_pairs_and_word_pieces_see_the_same_words()
    {
        var folder = SharedFolder.Require(SharedFolder.Vocabularies);
        var bytes = Directory.GetFiles(folder, "tokenizer.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(HuggingFaceTokenizer.FromFile).FirstOrDefault(tokenizer => tokenizer.TokenToId("Ġthe") is not null);
        if (bytes is null)
        {
            Assert.Inconclusive($"'{folder}' has no byte-level tokenizer.");
        }

        const string Text = "Don't  worry... it's 3.5 naïve cafés";
        var pieces = WordPieceTrainer.Train([Text], new() { MinFrequency = 1, Lowercase = false });
        var (left, right) = (pieces.EncodeWords(Text), bytes.EncodeWords(Text));
        var words = WordAlignment.Align(left.Words, right.Words)
            .Select(word => Text[left.Words.First(span => span.FirstToken == word.StudentStart).Start..left.Words.First(span => span.EndToken == word.StudentEnd).End]);
        CollectionAssert.IsSubsetOf((string[])["worry", "...", "it", "naïve", "cafés"], words.ToArray());
    }
}
